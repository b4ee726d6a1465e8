"""Ed25519 by whole numbers: the published vectors, the same answers as the library that signs, and what must be refused."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.evidence.ed25519 import ORDER, P, signed_by, unpacked

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    pytest.param(
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        id="TEST 1: nothing is signed",
    ),
    pytest.param(
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        id="TEST 2: one byte is signed",
    ),
    pytest.param(
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        id="TEST 3: two bytes are signed",
    ),
    pytest.param(
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        id="TEST SHA(abc): a digest is signed",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PUBLIC = KEY.public_key().public_bytes_raw()
MESSAGE = b"example.org/trail\n7\n"
SIGNATURE = KEY.sign(MESSAGE)
NONCE, SCALAR = SIGNATURE[:32], int.from_bytes(SIGNATURE[32:], "little")
# The eight points of small order in their written form; the first four are their only forms below the prime.
SMALL = [(1).to_bytes(32, "little"), (P - 1).to_bytes(32, "little"), bytes(32)]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_published_vectors(public: str, message: str, signature: str) -> None:
    texts = [bytes.fromhex(text) for text in (public, message, signature)]
    assert signed_by(*texts)
    assert not signed_by(texts[0], texts[1] + b"\0", texts[2])


def test_what_the_library_signs_is_signed() -> None:
    for seed in range(5):
        key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        message = bytes(range(seed * 40))
        assert signed_by(key.public_key().public_bytes_raw(), message, key.sign(message))


@settings(max_examples=25, deadline=None)
@given(place=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_bit_of_a_signature_can_be_another(place: int, bit: int) -> None:
    changed = bytearray(SIGNATURE)
    changed[place] ^= 1 << bit
    assert not signed_by(PUBLIC, MESSAGE, bytes(changed))
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(PUBLIC).verify(bytes(changed), MESSAGE)


REFUSED = [
    pytest.param(
        PUBLIC,
        NONCE + (SCALAR + ORDER).to_bytes(32, "little"),
        id="a scalar that is not below the order of the group",
    ),
    pytest.param(PUBLIC, SIGNATURE[:-1], id="a signature that is too short"),
    pytest.param(PUBLIC[:-1], SIGNATURE, id="a key that is too short"),
    pytest.param(PUBLIC, b"\xff" * 32 + SIGNATURE[32:], id="a point beyond the prime"),
    pytest.param((2).to_bytes(32, "little"), SIGNATURE, id="a key that is not on the curve"),
    pytest.param(
        SMALL[0], SMALL[0] + bytes(32), id="a key of small order, under which anything is signed"
    ),
    pytest.param(
        (P + 1).to_bytes(32, "little"), SMALL[0] + bytes(32), id="the same key, written otherwise"
    ),
]


@pytest.mark.parametrize(("public", "signature"), REFUSED)
def test_what_is_refused(public: bytes, signature: bytes) -> None:
    assert not signed_by(public, MESSAGE, signature)


def test_a_point_has_one_way_to_be_written() -> None:
    assert unpacked((1).to_bytes(32, "little")) == (0, 1, 1, 0)
    assert unpacked((1 | 1 << 255).to_bytes(32, "little")) is None
    assert unpacked((P + 1).to_bytes(32, "little")) is None
