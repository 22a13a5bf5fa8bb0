namespace Fleet.Rest.Tls;

/// <summary>
/// What to do about the files of a certificate that were looked at again. Content is compared, not times: Kubernetes swaps a link to a folder, and the two files of
/// a pair that is written by hand come one after the other.
/// </summary>
internal static class CertificateReload
{
    /// <param name="served">Served now.</param>
    /// <param name="look">What is in the files; throws <see cref="FormatException"/> when they cannot be read.</param>
    public static ReloadDecision Decide(ServerCertificate served, Func<PemPair> look, DateTimeOffset now)
    {
        try
        {
            var found = look();
            // One that ends while it is served is not better than none: whoever connects says what is wrong with it.
            return found == served.Source ? ReloadDecision.Nothing : new(ServerCertificate.Open(found, now), null);
        }
        catch (FormatException e)
        {
            return new(null, e.Message);
        }
    }
}

/// <param name="Next">To be served from now on; null: the present one stays.</param>
/// <param name="Problem">Why what is in the files is not served; null: nothing is wrong with it.</param>
internal sealed record ReloadDecision(ServerCertificate? Next, string? Problem)
{
    public static ReloadDecision Nothing { get; } = new(null, null);
}
