using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Expressions;

/// <summary>An IP address.</summary>
internal sealed record CelIp(IPAddress Address)
{
    public int Family => Address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;

    public bool IsUnspecified => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    public bool IsLinkLocalUnicast => Family == 4 ? Starts(169, 254) : Address.IsIPv6LinkLocal;

    public bool IsLinkLocalMulticast => Family == 4 ? Starts(224, 0, 0) : Address.GetAddressBytes() is [0xff, var scope, ..] && (scope & 0x0f) == 2;

    public bool IsGlobalUnicast => !IsUnspecified && !IsLoopback && !IsLinkLocalUnicast && !IsMulticast && !Address.Equals(IPAddress.Broadcast);

    private bool IsMulticast => Family == 4 ? Address.GetAddressBytes()[0] is >= 224 and <= 239 : Address.IsIPv6Multicast;

    public static CelIp? Parse(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal) || text.Contains('[', StringComparison.Ordinal) || !IPAddress.TryParse(text, out var address)) return null;
        if (address.IsIPv4MappedToIPv6) return null;
        // IPAddress accepts short and octal forms, Kubernetes does not.
        return address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != text ? null : new CelIp(address);
    }

    public override string ToString() => Address.ToString();

    private bool Starts(params ReadOnlySpan<byte> prefix) => Address.GetAddressBytes().AsSpan().StartsWith(prefix);
}

/// <summary>An address with the length of its network prefix.</summary>
internal sealed record CelCidr(CelIp Address, int Bits)
{
    public static CelCidr? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || CelIp.Parse(text[..slash]) is not { } address) return null;
        return int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= (address.Family == 4 ? 32 : 128)
            ? new CelCidr(address, bits)
            : null;
    }

    public bool Contains(CelIp ip) => ip.Family == Address.Family && Mask(ip).SequenceEqual(Mask(Address));

    public bool Contains(CelCidr other) => other.Bits >= Bits && Contains(other.Address);

    public CelCidr Masked() => this with { Address = new CelIp(new IPAddress(Mask(Address))) };

    public override string ToString() => $"{Address}/{Bits}";

    private byte[] Mask(CelIp ip)
    {
        var bytes = ip.Address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(Bits - i * 8, 0, 8);
            bytes[i] &= (byte)(0xff << (8 - keep));
        }
        return bytes;
    }
}
