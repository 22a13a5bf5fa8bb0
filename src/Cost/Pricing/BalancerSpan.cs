namespace Fleet.Cost.Pricing;

/// <summary>A load balancer that was there, and who stood behind it: parts by the id of the pod add up to 1, with <c>__unmounted__</c> for nobody.</summary>
public sealed record BalancerSpan(string Namespace, string Service, DateTimeOffset Start, DateTimeOffset End, IReadOnlyDictionary<string, double> Parts)
{
    public string Ip { get; init; } = "";

    public bool IsPrivate { get; init; }

    public int Rules { get; init; } = 1;

    public double IngressBytes { get; init; }

    public double Hours => (End - Start).TotalHours;
}
