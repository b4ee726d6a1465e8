"""Ed25519 signatures, checked as RFC 8032, section 5.1.7, says: with whole numbers only, so that no library is needed.

A point is kept in extended coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, x·y = T/Z (section 5.1.4).
"""

import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
HALF = pow(2, (P - 1) // 4, P)
POINT, SIGNATURE = 32, 64
COFACTOR = 8

Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature over a message was made with the private half of a public key.

    Refused are a scalar that is not below the group's order, points that are not written in their one way or are not on the
    curve, and keys of small order, under which one signature would fit several messages.
    """
    if len(public) != POINT or len(signature) != SIGNATURE:
        return False
    key, nonce = unpacked(public), unpacked(signature[:POINT])
    scalar = int.from_bytes(signature[POINT:], "little")
    if key is None or nonce is None or scalar >= ORDER or equal(multiple(COFACTOR, key), NEUTRAL):
        return False
    told = hashlib.sha512(signature[:POINT] + public + message).digest()
    challenge = int.from_bytes(told, "little") % ORDER
    return equal(multiple(scalar, BASE), added(nonce, multiple(challenge, key)))


def unpacked(text: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, ``None`` when they stand for none (section 5.1.3)."""
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * HALF % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def added(first: Point, second: Point) -> Point:
    """Return the sum of two points (section 5.1.4)."""
    x1, y1, z1, t1 = first
    x2, y2, z2, t2 = second
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiple(scalar: int, point: Point) -> Point:
    """Return a multiple of a point; it takes longer for some scalars, and none here is a secret."""
    found = NEUTRAL
    while scalar:
        if scalar & 1:
            found = added(found, point)
        point = added(point, point)
        scalar >>= 1
    return found


def equal(first: Point, second: Point) -> bool:
    """Tell whether two points are the same, whatever they are scaled by."""
    x1, y1, z1, _ = first
    x2, y2, z2, _ = second
    return not ((x1 * z2 - x2 * z1) % P or (y1 * z2 - y2 * z1) % P)


def _base() -> Point:
    """Return the base point: y is 4/5, x even."""
    found = unpacked((4 * pow(5, P - 2, P) % P).to_bytes(POINT, "little"))
    if found is None:
        raise AssertionError("The base point is not on the curve.")
    return found


BASE = _base()
