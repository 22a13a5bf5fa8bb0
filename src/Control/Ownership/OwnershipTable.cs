using Fleet.Contracts;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Ownership;

/// <summary>The table as it is stored: its version for the next write, and why it cannot be read when it cannot.</summary>
internal sealed record TableRow(string Version, Assignment Table, string? Trouble)
{
    public static TableRow From(ConfigMap stored)
    {
        var version = stored.Metadata.ResourceVersion ?? "";
        try
        {
            if (!AssignmentText.TryNumber(stored.Data?.GetValueOrDefault(OwnershipNames.Generation) ?? "", out var generation))
                throw new FormatException("the table of owners has no generation");
            var table = AssignmentText.Read(generation, stored.Data?.GetValueOrDefault(OwnershipNames.Table) ?? "");
            return new(version, table with { Costs = SlotCosts.Read(stored.Data?.GetValueOrDefault(OwnershipNames.TableCosts)) }, null);
        }
        catch (FormatException e)
        {
            return new(version, Assignment.Empty, e.Message);
        }
    }
}

/// <summary>
/// The newest table that was ever seen or written here. What is stored may be older: the watch has not brought our own write, or somebody has deleted the table or put back one from
/// a backup. To follow that would give slots back to owners, and epochs, that were superseded. Safe for concurrent use: the sweep asks as well.
/// </summary>
internal sealed class NewestTable
{
    private readonly Lock gate = new();
    private TableRow? newest;

    /// <summary>The newest, this one included; one that cannot be read is told as it is.</summary>
    public TableRow? Among(TableRow? seen)
    {
        if (seen is { Trouble: not null })
            return seen;
        lock (gate)
        {
            if (seen is not null && (newest is null || seen.Table.Generation >= newest.Table.Generation))
                newest = seen;
            return newest;
        }
    }
}

/// <summary>Writes the table. The store lets one of those through who planned from the same version.</summary>
internal sealed class OwnershipTable(IResourceClient<ConfigMap> maps, OwnershipOptions options)
{
    /// <summary>Null when somebody else was first.</summary>
    /// <param name="next">What is to be stored.</param>
    /// <param name="version">The version that it follows from; null when there is none.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<TableRow?> TryWriteAsync(Assignment next, string? version, CancellationToken ct)
    {
        var body = new ConfigMap
        {
            Metadata = new()
            {
                Name = options.TableName,
                Namespace = options.Namespace,
                ResourceVersion = version,
                Labels = new() { [FleetLabels.Managed] = "true", [OwnershipNames.ReplicaOf] = options.Service },
            },
            Data = new() { [OwnershipNames.Generation] = $"{next.Generation}", [OwnershipNames.Table] = AssignmentText.Write(next), [OwnershipNames.TableCosts] = SlotCosts.Write(next.Costs) },
        };
        try
        {
            return TableRow.From(version is null ? await maps.CreateAsync(body, ct) : await maps.UpdateAsync(body, ct));
        }
        catch (KubeApiException e) when (e.IsConflict || e.IsAlreadyExists || e.IsNotFound)
        {
            return null;
        }
    }
}
