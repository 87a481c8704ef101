"""NVS partitions of any texts, read back by a reader of our own."""

from hypothesis import given
from hypothesis import strategies as st

from app.flashing.nvs import make_nvs
from app.flashing.nvs_identity import MAX_NVS_KEY_CHARS
from app.kernel.errors import Invalid
from tests.esp_flash import read_nvs

_KEYS = st.text(
    st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=MAX_NVS_KEY_CHARS
)
# A text of NVS ends at its first zero byte.
_TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=300)
_SIZES = st.sampled_from([0x3000, 0x5000, 0x6000])


@given(entries=st.dictionaries(_KEYS, _TEXTS, max_size=12), size=_SIZES)
def test_what_is_written_is_read_back(entries: dict[str, str], size: int) -> None:
    image = make_nvs(entries.items(), size)
    assert len(image) == size
    assert read_nvs(image) == {"airsketch": entries}


@given(texts=st.lists(st.integers(0, 5000).map("x".__mul__), max_size=12), size=_SIZES)
def test_texts_of_any_length_fit_or_are_refused(texts: list[str], size: int) -> None:
    entries = {f"key{number}": text for number, text in enumerate(texts)}
    try:
        image = make_nvs(entries.items(), size)
    except Invalid as refusal:
        assert refusal.code == "memory_full"
        return
    assert read_nvs(image) == {"airsketch": entries}
