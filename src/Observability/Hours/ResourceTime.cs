namespace Fleet.Observability.Hours;

/// <summary>One resource over time, in unit × seconds; the unit is a core, a byte or a device.</summary>
internal record struct ResourceTime
{
    public double Requested { get; private set; }

    public double Used { get; private set; }

    /// <summary>max(request, usage) at each moment, which is what is paid for.</summary>
    public double Allocated { get; private set; }

    /// <summary>The most that was used at one moment, in units.</summary>
    public double PeakUsed { get; private set; }

    /// <param name="used">Null when nobody measured it: then the request alone counts.</param>
    /// <param name="peak">The most within the time, where <paramref name="used"/> is an average; null: it is none.</param>
    public void Add(double seconds, double requested, double? used, double? peak = null)
    {
        Requested += seconds * requested;
        Used += seconds * (used ?? 0);
        Allocated += seconds * Math.Max(requested, used ?? 0);
        PeakUsed = Math.Max(PeakUsed, peak ?? used ?? 0);
    }
}
