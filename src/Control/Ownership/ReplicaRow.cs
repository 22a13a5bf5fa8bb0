using System.Globalization;
using Fleet.Kubernetes.Core;

namespace Fleet.Control.Ownership;

/// <summary>The Lease of a replica as it is kept.</summary>
internal sealed record ReplicaRow(string Lease, string Version, TimeSpan Duration, string? Address, string Holds, ReplicaFacts Facts)
{
    public static ReplicaRow From(Lease lease)
    {
        var notes = lease.Metadata.Annotations;
        _ = AssignmentText.TryNumber(notes?.GetValueOrDefault(OwnershipNames.Applied) ?? "", out var applied);
        return new(
            lease.Metadata.Name ?? "",
            lease.Metadata.ResourceVersion ?? "",
            TimeSpan.FromSeconds(Math.Clamp(lease.Spec.LeaseDurationSeconds ?? 0, 1, 3600)),
            notes?.GetValueOrDefault(OwnershipNames.Address),
            notes?.GetValueOrDefault(OwnershipNames.Holds) ?? "",
            new(lease.Spec.HolderIdentity ?? "", applied, ReadCosts(notes?.GetValueOrDefault(OwnershipNames.Costs))) { Pool = notes?.GetValueOrDefault(OwnershipNames.Pool) ?? "" });
    }

    /// <summary><c>SLOT:COST</c>, in tenths of a millisecond of work per second, with spaces between.</summary>
    public static string WriteCosts(IReadOnlyDictionary<int, double> costs) =>
        string.Join(' ', costs.OrderBy(c => c.Key).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key}:{Math.Round(c.Value * 10)}")));

    /// <summary>What cannot be read is unknown: costs only say how slots are best shared out.</summary>
    private static Dictionary<int, double> ReadCosts(string? text)
    {
        var costs = new Dictionary<int, double>();
        foreach (var pair in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split(':') is [var slot, var cost] && AssignmentText.TryNumber(slot, out var number) && number < Slots.Most && AssignmentText.TryNumber(cost, out var tenths))
                costs[(int)number] = tenths / 10.0;
        return costs;
    }
}
