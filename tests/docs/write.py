"""Write what is generated into docs/: `python -m tests.docs.write`."""

from tests.docs.generated import generated

if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text)
        print(path)
