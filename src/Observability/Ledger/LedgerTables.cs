using System.Text.Json;
using Fleet.Cost.Allocations;
using Fleet.Cost.Pricing;
using NpgsqlTypes;

namespace Fleet.Observability.Ledger;

/// <summary>The tables of the migrations <c>0003_Costs</c> and <c>0004_CostDays</c>, and rows for them.</summary>
internal static class LedgerTables
{
    public static LedgerTable Hours { get; } = new(
        "cost_hours",
        new("hour", NpgsqlDbType.TimestampTz, Merge.Key), new("item", NpgsqlDbType.Bigint, Merge.Key), new("currency", NpgsqlDbType.Text, Merge.Key),
        new("started", NpgsqlDbType.Real, Merge.Least), new("ended", NpgsqlDbType.Real, Merge.Greatest),
        Sum("cpu_hours"), Sum("cpu_requested"), Sum("cpu_used"), Sum("cpu_cost"), new("cpu_peak", NpgsqlDbType.Real, Merge.Greatest),
        Sum("ram_hours"), Sum("ram_requested"), Sum("ram_used"), Sum("ram_cost"), new("ram_peak", NpgsqlDbType.Real, Merge.Greatest),
        Sum("gpu_hours"), Sum("gpu_requested"), Sum("gpu_cost"), Sum("balancer_cost"), new("missing", NpgsqlDbType.Smallint, Merge.Bits),
        Sum("transfer_bytes"), Sum("receive_bytes"), Sum("network_cost"));

    public static LedgerTable Shares { get; } = new(
        "cost_shares",
        new("hour", NpgsqlDbType.TimestampTz, Merge.Key), new("item", NpgsqlDbType.Bigint, Merge.Key), new("currency", NpgsqlDbType.Text, Merge.Key),
        new("is_disk", NpgsqlDbType.Boolean, Merge.Key), new("asset", NpgsqlDbType.Text, Merge.Key), new("provider_id", NpgsqlDbType.Text, Merge.Last), Sum("amount"), Sum("cost"));

    public static LedgerTable Assets { get; } = new(
        "cost_assets",
        new("hour", NpgsqlDbType.TimestampTz, Merge.Key), new("currency", NpgsqlDbType.Text, Merge.Key), new("cluster_uid", NpgsqlDbType.Text, Merge.Key), new("kind", NpgsqlDbType.Smallint, Merge.Key),
        new("name", NpgsqlDbType.Text, Merge.Key), new("provider_id", NpgsqlDbType.Text, Merge.Key), new("cluster", NpgsqlDbType.Text, Merge.Last), new("details", NpgsqlDbType.Jsonb, Merge.Last),
        Sum("hours"), Sum("cpu_hours"), Sum("ram_hours"), Sum("gpu_hours"), Sum("byte_hours"), Sum("cpu_cost"), Sum("ram_cost"), Sum("gpu_cost"), Sum("cost"),
        new("discount", NpgsqlDbType.Double, Merge.Last), new("missing", NpgsqlDbType.Smallint, Merge.Bits), new("byte_hours_used", NpgsqlDbType.Double, Merge.SumOfKnown));

    public static LedgerTable Coverage { get; } = new(
        "cost_coverage", new("hour", NpgsqlDbType.TimestampTz, Merge.Key), new("cluster_uid", NpgsqlDbType.Text, Merge.Key), Sum("seen"), Sum("inferred"));

    public static LedgerTable Days { get; } = new(
        "cost_days",
        Day, new("item", NpgsqlDbType.Bigint, Merge.Key), new("currency", NpgsqlDbType.Text, Merge.Key),
        new("started", NpgsqlDbType.TimestampTz, Merge.Least, $"min({LedgerSpan.Started})"), new("ended", NpgsqlDbType.TimestampTz, Merge.Greatest, $"max({LedgerSpan.Ended})"),
        Sum("cpu_hours"), Sum("cpu_requested"), Sum("cpu_used"), Sum("cpu_cost"), new("cpu_peak", NpgsqlDbType.Real, Merge.Greatest),
        Sum("ram_hours"), Sum("ram_requested"), Sum("ram_used"), Sum("ram_cost"), new("ram_peak", NpgsqlDbType.Real, Merge.Greatest),
        Sum("gpu_hours"), Sum("gpu_requested"), Sum("gpu_cost"), Sum("balancer_cost"), new("missing", NpgsqlDbType.Smallint, Merge.Bits),
        Sum("transfer_bytes"), Sum("receive_bytes"), Sum("network_cost"));

    public static LedgerTable ShareDays { get; } = new(
        "cost_share_days",
        Day, new("item", NpgsqlDbType.Bigint, Merge.Key), new("currency", NpgsqlDbType.Text, Merge.Key), new("is_disk", NpgsqlDbType.Boolean, Merge.Key), new("asset", NpgsqlDbType.Text, Merge.Key),
        new("provider_id", NpgsqlDbType.Text, Merge.Last), Sum("amount"), Sum("cost"));

    public static LedgerTable AssetDays { get; } = new(
        "cost_asset_days",
        Day, new("currency", NpgsqlDbType.Text, Merge.Key), new("cluster_uid", NpgsqlDbType.Text, Merge.Key), new("kind", NpgsqlDbType.Smallint, Merge.Key), new("name", NpgsqlDbType.Text, Merge.Key),
        new("provider_id", NpgsqlDbType.Text, Merge.Key), new("discount", NpgsqlDbType.Double, Merge.Key), new("cluster", NpgsqlDbType.Text, Merge.Last),
        new("details", NpgsqlDbType.Jsonb, Merge.Last, "(array_agg(details ORDER BY hour DESC))[1]"),
        Sum("hours"), Sum("cpu_hours"), Sum("ram_hours"), Sum("gpu_hours"), Sum("byte_hours"), Sum("cpu_cost"), Sum("ram_cost"), Sum("gpu_cost"), Sum("cost"),
        new("missing", NpgsqlDbType.Smallint, Merge.Bits), new("byte_hours_used", NpgsqlDbType.Double, Merge.SumOfKnown));

    /// <summary>Its rows are of items; those of a namespace become one.</summary>
    public static LedgerTable NamespaceDays { get; } = new(
        "cost_namespace_days",
        Day, new("currency", NpgsqlDbType.Text, Merge.Key), new("cluster_uid", NpgsqlDbType.Text, Merge.Key), new("kind", NpgsqlDbType.Smallint, Merge.Key), new("namespace", NpgsqlDbType.Text, Merge.Key),
        new("cluster", NpgsqlDbType.Text, Merge.Last), Same("node"), Same("controller_kind"), Same("controller"), Same("pod"), Same("container"),
        new("services", NpgsqlDbType.Array | NpgsqlDbType.Text, Merge.Common),
        new("started", NpgsqlDbType.TimestampTz, Merge.Least), new("ended", NpgsqlDbType.TimestampTz, Merge.Greatest),
        Sum("cpu_hours"), Sum("cpu_requested"), Sum("cpu_used"), Sum("cpu_cost"), Sum("ram_hours"), Sum("ram_requested"), Sum("ram_used"), Sum("ram_cost"),
        Sum("gpu_hours"), Sum("gpu_requested"), Sum("gpu_cost"), Sum("balancer_cost"), new("missing", NpgsqlDbType.Smallint, Merge.Bits),
        Sum("transfer_bytes"), Sum("receive_bytes"), Sum("network_cost"));

    public static object?[] HourRow(PricedCluster hour, Allocation row, long item)
    {
        // Averages are over the span, so that times the span they add up.
        var span = row.Hours;
        return
        [
            hour.Assets.Window.Start.UtcDateTime, item, hour.Assets.Currency, Second(hour, row.Start), Second(hour, row.End),
            row.Cpu.Hours, row.Cpu.RequestAverage * span, row.Cpu.UsageAverage * span, row.Cpu.Cost, (float)(row.Peak?.CpuCores ?? 0),
            row.Ram.Hours, row.Ram.RequestAverage * span, row.Ram.UsageAverage * span, row.Ram.Cost, (float)(row.Peak?.RamBytes ?? 0),
            row.Gpu.Hours, row.Gpu.RequestAverage * span, row.Gpu.Cost, row.LoadBalancerCost, (short)row.MissingPrice,
            row.Network.TransferBytes, row.Network.ReceiveBytes, row.Network.Cost,
        ];
    }

    public static object?[] NamespaceRow(PricedCluster hour, Allocation row, string clusterUid)
    {
        var (span, start, of) = (row.Hours, hour.Assets.Window.Start.UtcDateTime, row.Properties);
        return
        [
            start.Date, hour.Assets.Currency, clusterUid, (short)row.Kind, of.Namespace, of.Cluster, of.Node, of.ControllerKind, of.Controller, of.Pod, of.Container, string.Join(',', of.Services),
            start.AddSeconds(Second(hour, row.Start)), start.AddSeconds(Second(hour, row.End)),
            row.Cpu.Hours, row.Cpu.RequestAverage * span, row.Cpu.UsageAverage * span, row.Cpu.Cost, row.Ram.Hours, row.Ram.RequestAverage * span, row.Ram.UsageAverage * span, row.Ram.Cost,
            row.Gpu.Hours, row.Gpu.RequestAverage * span, row.Gpu.Cost, row.LoadBalancerCost, (short)row.MissingPrice,
            row.Network.TransferBytes, row.Network.ReceiveBytes, row.Network.Cost,
        ];
    }

    public static IEnumerable<object?[]> ShareRows(PricedCluster hour, Allocation row, long item) =>
        row.Volumes.Select(volume => ShareRow(hour, item, true, volume.Key.Name, volume.Value.ProviderId, volume.Value.ByteHours, volume.Value.Cost))
            .Concat(row.LoadBalancers.Values.Select(balancer => ShareRow(hour, item, false, balancer.Service, balancer.Ip, balancer.Hours, balancer.Cost)));

    public static IEnumerable<object?[]> AssetRows(PricedCluster hour, string clusterUid)
    {
        foreach (var node in hour.Assets.Nodes)
            yield return AssetRow(hour, clusterUid, AssetKind.Node, node.Name, node.ProviderId, node.Cluster, JsonSerializer.Serialize(new NodeDetails(node.InstanceType, node.Pool, node.IsSpot, node.Labels)),
                node.Hours, node.CpuCoreHours, node.RamByteHours, node.GpuHours, 0, node.CpuCost, node.RamCost, node.GpuCost, 0, node.Discount, node.MissingPrice);
        foreach (var disk in hour.Assets.Disks)
            yield return AssetRow(hour, clusterUid, AssetKind.Disk, disk.Name, disk.ProviderId, disk.Cluster, JsonSerializer.Serialize(new DiskDetails(disk.StorageClass, disk.ClaimNamespace, disk.ClaimName)),
                disk.Hours, 0, 0, 0, disk.ByteHours, 0, 0, 0, disk.Cost, 0, disk.MissingPrice, disk.ByteHoursUsed);
        foreach (var balancer in hour.Assets.LoadBalancers)
            yield return AssetRow(hour, clusterUid, AssetKind.LoadBalancer, $"{balancer.Namespace}/{balancer.Service}", balancer.Ip, balancer.Cluster, "{}",
                balancer.Hours, 0, 0, 0, 0, 0, 0, 0, balancer.Cost, 0, balancer.MissingPrice);
        foreach (var network in hour.Assets.Networks)
            yield return AssetRow(hour, clusterUid, AssetKind.Network, "network", "", network.Cluster, "{}", (network.End - network.Start).TotalHours, 0, 0, 0, network.EgressBytes, 0, 0, 0, network.Cost, 0, MissingPrice.None);
        foreach (var management in hour.Assets.ClusterManagement)
            yield return AssetRow(hour, clusterUid, AssetKind.ClusterManagement, "management", "", management.Cluster, "{}", management.Hours, 0, 0, 0, 0, 0, 0, 0, management.Cost, 0, MissingPrice.None);
    }

    private static object?[] ShareRow(PricedCluster hour, long item, bool isDisk, string asset, string providerId, double amount, double cost) =>
        [hour.Assets.Window.Start.UtcDateTime, item, hour.Assets.Currency, isDisk, asset, providerId, amount, cost];

    private static object?[] AssetRow(
        PricedCluster hour, string clusterUid, AssetKind kind, string name, string providerId, string cluster, string details, double hours, double cpuHours, double ramHours, double gpuHours,
        double byteHours, double cpuCost, double ramCost, double gpuCost, double cost, double discount, MissingPrice missing, double? byteHoursUsed = null) =>
    [
        hour.Assets.Window.Start.UtcDateTime, hour.Assets.Currency, clusterUid, (short)kind, name, providerId, cluster, details, hours, cpuHours, ramHours, gpuHours, byteHours, cpuCost, ramCost, gpuCost, cost, discount,
        (short)missing, byteHoursUsed,
    ];

    private static float Second(PricedCluster hour, DateTimeOffset time) => (float)Math.Clamp((time - hour.Assets.Window.Start).TotalSeconds, 0, 3600);

    private static LedgerColumn Day => new("day", NpgsqlDbType.TimestampTz, Merge.Key, "date_trunc('day', hour, 'UTC')");

    private static LedgerColumn Same(string name) => new(name, NpgsqlDbType.Text, Merge.Same);

    private static LedgerColumn Sum(string name) => new(name, NpgsqlDbType.Double, Merge.Sum);
}

internal enum AssetKind : short
{
    Node,
    Disk,
    LoadBalancer,
    ClusterManagement,

    /// <summary>What left a cluster: its bytes are in <c>byte_hours</c>.</summary>
    Network,
}

internal sealed record NodeDetails(string InstanceType, string Pool, bool IsSpot, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Where they were not asked for.</summary>
    public static NodeDetails None { get; } = new("", "", false, new Dictionary<string, string>());
}

internal sealed record DiskDetails(string StorageClass, string ClaimNamespace, string ClaimName)
{
    /// <inheritdoc cref="NodeDetails.None"/>
    public static DiskDetails None { get; } = new("", "", "");
}
