using System.Text.Json;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Npgsql;

namespace Fleet.Observability.Ledger;

/// <summary>Collects rows of <c>cost_assets</c>. Times of an asset are from the step's beginning on: how long it was there is known, not when.</summary>
internal sealed class LedgerAssets
{
    private readonly List<NodeAsset> nodes = [];
    private readonly List<DiskAsset> disks = [];
    private readonly List<LoadBalancerAsset> balancers = [];
    private readonly List<NetworkAsset> networks = [];
    private readonly List<ClusterManagementAsset> management = [];

    public AssetSet ToSet(QueryWindow window, string currency) => new(window, currency) { Nodes = nodes, Disks = disks, LoadBalancers = balancers, Networks = networks, ClusterManagement = management };

    /// <param name="row">Columns as <see cref="LedgerReader"/> asks for them.</param>
    public void Add(NpgsqlDataReader row, QueryWindow step)
    {
        var (cluster, name, provider, details) = (row.GetString(2), row.GetString(4), row.GetString(5), row.IsDBNull(6) ? "{}" : row.GetString(6));
        var (start, end, hours) = (step.Start, step.Start.AddHours(row.GetDouble(7)), row.GetDouble(7));
        var missing = (MissingPrice)row.GetInt16(17);
        switch ((AssetKind)row.GetInt16(3))
        {
            case AssetKind.Node:
                var node = details == "{}" ? NodeDetails.None : JsonSerializer.Deserialize<NodeDetails>(details)!;
                nodes.Add(new()
                {
                    Cluster = cluster, Name = name, ProviderId = provider, InstanceType = node.InstanceType, Pool = node.Pool, IsSpot = node.IsSpot, Labels = node.Labels, Start = start, End = end,
                    CpuCoreHours = row.GetDouble(8), RamByteHours = row.GetDouble(9), GpuHours = row.GetDouble(10),
                    CpuCost = row.GetDouble(12), RamCost = row.GetDouble(13), GpuCost = row.GetDouble(14), Discount = row.GetDouble(16), MissingPrice = missing,
                });
                break;
            case AssetKind.Disk:
                var disk = details == "{}" ? DiskDetails.None : JsonSerializer.Deserialize<DiskDetails>(details)!;
                disks.Add(new()
                {
                    Cluster = cluster, Name = name, ProviderId = provider, StorageClass = disk.StorageClass, ClaimNamespace = disk.ClaimNamespace, ClaimName = disk.ClaimName, Start = start, End = end,
                    ByteHours = row.GetDouble(11), ByteHoursUsed = row.IsDBNull(18) ? null : row.GetDouble(18), Cost = row.GetDouble(15), MissingPrice = missing,
                });
                break;
            case AssetKind.LoadBalancer:
                var slash = name.IndexOf('/', StringComparison.Ordinal);
                balancers.Add(new()
                {
                    Cluster = cluster, Namespace = name[..slash], Service = name[(slash + 1)..], Ip = provider, Start = start, End = end,
                    RuleHourPrice = hours > 0 ? row.GetDouble(15) / hours : 0, MissingPrice = missing,
                });
                break;
            case AssetKind.Network:
                networks.Add(new() { Cluster = cluster, Start = start, End = end, EgressBytes = row.GetDouble(11), Cost = row.GetDouble(15) });
                break;
            case AssetKind.ClusterManagement:
                management.Add(new() { Cluster = cluster, Start = start, End = end, HourPrice = hours > 0 ? row.GetDouble(15) / hours : 0 });
                break;
        }
    }
}
