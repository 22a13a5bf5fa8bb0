namespace Fleet.Rest.Tls;

/// <summary>What the two files of a certificate hold at one moment, in PEM. Never printed: it holds the key.</summary>
internal sealed record PemPair(string Certificate, string Key)
{
    public override string ToString() => nameof(PemPair);
}
