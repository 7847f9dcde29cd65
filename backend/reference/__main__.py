"""`python -m backend.reference`: write what is generated in docs/ anew."""

from pathlib import Path

from backend.reference.generated import generated
from backend.settings import Settings, limits_of

if __name__ == "__main__":
    for path, text in generated(Path("docs"), limits_of(Settings())).items():
        path.write_text(text)
        print(path)
