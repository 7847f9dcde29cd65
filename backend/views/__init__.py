"""What a viewer sees of a thing: for everyone, and for one viewer."""
