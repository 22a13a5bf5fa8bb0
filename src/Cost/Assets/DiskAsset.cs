using Fleet.Cost.Allocations;

namespace Fleet.Cost.Assets;

/// <summary>A persistent volume, or the disk of a machine.</summary>
public sealed record DiskAsset
{
    public required string Cluster { get; init; }

    public required string Name { get; init; }

    public string ProviderId { get; init; } = "";

    public string StorageClass { get; init; } = "";

    /// <summary>The claim that is bound to it; empty when there is none.</summary>
    public string ClaimNamespace { get; init; } = "";

    public string ClaimName { get; init; } = "";

    /// <summary>The machine whose own disk it is; empty for persistent volumes. OpenCost takes a disk for one that is named as a machine; here it is said.</summary>
    public string AttachedTo { get; init; } = "";

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public double ByteHours { get; init; }

    /// <summary>Null when nobody measured it.</summary>
    public double? ByteHoursUsed { get; init; }

    public double Cost { get; init; }

    public double Adjustment { get; init; }

    public MissingPrice MissingPrice { get; init; }

    public double Hours => (End - Start).TotalHours;

    public double TotalCost => Cost + Adjustment;

    public bool IsAttached => AttachedTo.Length > 0;

    public VolumeKey Key => new(Cluster, Name);

    public IReadOnlyList<CostComponent> Components => [CostComponent.OfCost("disk", ByteHours / CostUnits.BytesPerGiB, "GiB", Hours, TotalCost)];

    /// <summary>Capacity × hours × price per GiB and hour.</summary>
    public static double CostOf(double bytes, double hours, double pricePerGiBHour) => bytes / CostUnits.BytesPerGiB * hours * pricePerGiBHour;
}
