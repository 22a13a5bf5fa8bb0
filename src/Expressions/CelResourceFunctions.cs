namespace Fleet.Expressions;

/// <summary>What Kubernetes adds: quantities, URLs, IP addresses and networks.</summary>
internal static class CelResourceFunctions
{
    public static void Register(CelRegister add)
    {
        Quantities(add);
        Urls(add);
        Addresses(add);
    }

    private static void Quantities(CelRegister add)
    {
        add("quantity", 1, a => a is [string s] ? CelQuantity.Parse(s) ?? (object)new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'") : CelError.NoOverload);
        add("isQuantity", 1, a => a is [string s] ? CelQuantity.Parse(s) is not null : CelError.NoOverload);
        add(".sign", 1, a => a is [CelQuantity q] ? (long)Math.Sign(q.Value) : CelError.NoOverload);
        add(".isInteger", 1, a => a is [CelQuantity q] ? q.IsInteger : CelError.NoOverload);
        add(".asInteger", 1, a => a is [CelQuantity q] ? (q.IsInteger ? (long)q.Value : new CelError("cannot convert value to integer")) : CelError.NoOverload);
        add(".asApproximateFloat", 1, a => a is [CelQuantity q] ? (double)q.Value : CelError.NoOverload);
        add(".add", 2, a => a switch { [CelQuantity x, CelQuantity y] => x.Plus(y.Value), [CelQuantity x, long y] => x.Plus(y), _ => CelError.NoOverload });
        add(".sub", 2, a => a switch { [CelQuantity x, CelQuantity y] => x.Plus(-y.Value), [CelQuantity x, long y] => x.Plus(-(decimal)y), _ => CelError.NoOverload });
        add(".compareTo", 2, a => a is [CelQuantity x, CelQuantity y] ? (long)x.Value.CompareTo(y.Value) : CelError.NoOverload);
        add(".isGreaterThan", 2, a => a is [CelQuantity x, CelQuantity y] ? x.Value > y.Value : CelError.NoOverload);
        add(".isLessThan", 2, a => a is [CelQuantity x, CelQuantity y] ? x.Value < y.Value : CelError.NoOverload);
    }

    private static void Urls(CelRegister add)
    {
        add("url", 1, a => a switch { [CelUrl u] => u, [string s] => CelUrl.Parse(s) ?? (object)new CelError($"URL parse error: {s}"), _ => CelError.NoOverload });
        add("isURL", 1, a => a is [string s] ? CelUrl.Parse(s) is not null : CelError.NoOverload);
        add(".getScheme", 1, a => a is [CelUrl u] ? u.Scheme : CelError.NoOverload);
        add(".getHost", 1, a => a is [CelUrl u] ? u.Host : CelError.NoOverload);
        add(".getHostname", 1, a => a is [CelUrl u] ? u.Hostname : CelError.NoOverload);
        add(".getPort", 1, a => a is [CelUrl u] ? u.Port : CelError.NoOverload);
        add(".getEscapedPath", 1, a => a is [CelUrl u] ? u.Path : CelError.NoOverload);
        add(".getQuery", 1, a => a is [CelUrl u] ? u.Query : CelError.NoOverload);
    }

    private static void Addresses(CelRegister add)
    {
        add("ip", 1, a => a is [string s] ? CelIp.Parse(s) ?? (object)new CelError($"IP Address '{s}' parse error") : CelError.NoOverload);
        add("isIP", 1, a => a is [string s] ? CelIp.Parse(s) is not null : CelError.NoOverload);
        add("ip.isCanonical", 1, a => a is [string s] ? CelIp.Parse(s) is { } ip ? ip.ToString() == s : new CelError($"IP Address '{s}' parse error") : CelError.NoOverload);
        add(".family", 1, a => a is [CelIp ip] ? (long)ip.Family : CelError.NoOverload);
        add(".isUnspecified", 1, a => a is [CelIp ip] ? ip.IsUnspecified : CelError.NoOverload);
        add(".isLoopback", 1, a => a is [CelIp ip] ? ip.IsLoopback : CelError.NoOverload);
        add(".isLinkLocalUnicast", 1, a => a is [CelIp ip] ? ip.IsLinkLocalUnicast : CelError.NoOverload);
        add(".isLinkLocalMulticast", 1, a => a is [CelIp ip] ? ip.IsLinkLocalMulticast : CelError.NoOverload);
        add(".isGlobalUnicast", 1, a => a is [CelIp ip] ? ip.IsGlobalUnicast : CelError.NoOverload);
        add("cidr", 1, a => a is [string s] ? CelCidr.Parse(s) ?? (object)new CelError($"CIDR '{s}' parse error") : CelError.NoOverload);
        add("isCIDR", 1, a => a is [string s] ? CelCidr.Parse(s) is not null : CelError.NoOverload);
        add(".containsIP", 2, a => a switch
        {
            [CelCidr c, CelIp ip] => c.Contains(ip),
            [CelCidr c, string s] => CelIp.Parse(s) is { } ip ? c.Contains(ip) : new CelError($"IP Address '{s}' parse error"),
            _ => CelError.NoOverload,
        });
        add(".containsCIDR", 2, a => a switch
        {
            [CelCidr c, CelCidr d] => c.Contains(d),
            [CelCidr c, string s] => CelCidr.Parse(s) is { } d ? c.Contains(d) : new CelError($"CIDR '{s}' parse error"),
            _ => CelError.NoOverload,
        });
        add(".ip", 1, a => a is [CelCidr c] ? c.Address : CelError.NoOverload);
        add(".masked", 1, a => a is [CelCidr c] ? c.Masked() : CelError.NoOverload);
        add(".prefixLength", 1, a => a is [CelCidr c] ? (long)c.Bits : CelError.NoOverload);
    }
}
