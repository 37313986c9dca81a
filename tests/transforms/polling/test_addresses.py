import pytest

from newsbeam.transforms.polling.addresses import is_permitted, resolve


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "8.8.8.8", "2606:4700::6810:84e5", "172.15.255.255", "172.32.0.1", "100.128.0.1", "192.169.0.1"],
)
def test_public_addresses_are_permitted(address: str) -> None:
    assert is_permitted(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "::1", "fd00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "::127.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_permitted_on_demand(address: str) -> None:
    assert not is_permitted(address)
    assert is_permitted(address, allow_private_networks=True)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "0.1.2.3", "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "fec0::1", "not an address", "",
    ],
)  # fmt: skip
def test_other_addresses_never_are(address: str) -> None:
    assert not is_permitted(address, allow_private_networks=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost"])
def test_the_many_names_of_loopback_resolve_to_it(host: str) -> None:
    assert {address[0] for _, address in resolve(host, 80)} <= {"127.0.0.1", "::1"}
