namespace Fleet.Cost.Allocations;

/// <summary>An allocation's part of a persistent volume.</summary>
public readonly record struct VolumeShare(double ByteHours, double Cost, string ProviderId = "", double Adjustment = 0)
{
    public static VolumeShare operator +(VolumeShare one, VolumeShare other) =>
        new(one.ByteHours + other.ByteHours, one.Cost + other.Cost, one.ProviderId.Length > 0 ? one.ProviderId : other.ProviderId, one.Adjustment + other.Adjustment);

    public static VolumeShare Add(VolumeShare one, VolumeShare other) => one + other;
}
