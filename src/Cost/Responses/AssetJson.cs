using System.Text.Json;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Responses;

/// <summary>Writes assets as OpenCost's <c>/assets</c> does: <c>{"code":200,"data":{"key":{…}}}</c>. Pure.</summary>
public static class AssetJson
{
    public static void Write(Utf8JsonWriter json, AssetSet set, int? decimals = CostNumbers.Decimals)
    {
        json.WriteStartObject();
        json.WriteNumber("code", 200);
        json.WriteStartObject("data");
        foreach (var node in set.Nodes)
            Asset($"{node.Cluster}/Node/{node.ProviderId}/{node.Name}", "Node", "Compute", node.Cluster, node.Name, node.ProviderId, node.Start, node.End, node.Adjustment, node.TotalCost, () => Node(node));
        foreach (var disk in set.Disks)
            Asset($"{disk.Cluster}/Disk/{disk.ProviderId}/{disk.Name}", "Disk", "Storage", disk.Cluster, disk.Name, disk.ProviderId, disk.Start, disk.End, disk.Adjustment, disk.TotalCost, () => Disk(disk));
        foreach (var balancer in set.LoadBalancers)
            Asset(
                $"{balancer.Cluster}/LoadBalancer/{balancer.Namespace}/{balancer.Service}", "LoadBalancer", "Network", balancer.Cluster, $"{balancer.Namespace}/{balancer.Service}",
                balancer.ProviderId, balancer.Start, balancer.End, balancer.Adjustment, balancer.TotalCost, () =>
                {
                    json.WriteBoolean("private", balancer.IsPrivate);
                    json.WriteString("ip", balancer.Ip);
                });
        foreach (var network in set.Networks)
            Asset($"{network.Cluster}/Network", "Network", "Network", network.Cluster, "", "", network.Start, network.End, network.Adjustment, network.TotalCost, null);
        foreach (var fee in set.ClusterManagement)
            Asset($"{fee.Cluster}/ClusterManagement", "ClusterManagement", "Management", fee.Cluster, "", "", fee.Start, fee.End, fee.Adjustment, fee.TotalCost, null);
        json.WriteEndObject();
        json.WriteString("currency", set.Currency);
        json.WriteEndObject();

        void Asset(
            string key, string type, string category, string cluster, string name, string providerId, DateTimeOffset start, DateTimeOffset end, double adjustment, double total, Action? more)
        {
            json.WriteStartObject(key);
            json.WriteString("type", type);
            json.WriteStartObject("properties");
            json.WriteString("category", category);
            json.WriteString("service", "Kubernetes");
            json.WriteString("cluster", cluster);
            if (name.Length > 0)
                json.WriteString("name", name);
            if (providerId.Length > 0)
                json.WriteString("providerID", providerId);
            json.WriteEndObject();
            json.WriteStartObject("window");
            json.WriteTime("start", set.Window.Start);
            json.WriteTime("end", set.Window.End);
            json.WriteEndObject();
            json.WriteTime("start", start);
            json.WriteTime("end", end);
            Number("minutes", (end - start).TotalMinutes);
            more?.Invoke();
            Number("adjustment", adjustment);
            Number("totalCost", total);
            json.WriteEndObject();
        }

        void Node(NodeAsset node)
        {
            json.WriteString("nodeType", node.InstanceType);
            json.WriteString("pool", node.Pool);
            Number("cpuCores", node.Hours > 0 ? node.CpuCoreHours / node.Hours : 0);
            Number("ramBytes", node.Hours > 0 ? node.RamByteHours / node.Hours : 0);
            Number("cpuCoreHours", node.CpuCoreHours);
            Number("ramByteHours", node.RamByteHours);
            Number("GPUHours", node.GpuHours);
            Number("preemptible", node.IsSpot ? 1 : 0);
            Number("discount", node.Discount);
            Number("cpuCost", node.CpuCost);
            Number("gpuCost", node.GpuCost);
            Number("gpuCount", node.Hours > 0 ? node.GpuHours / node.Hours : 0);
            Number("ramCost", node.RamCost);
        }

        void Disk(DiskAsset disk)
        {
            Number("byteHours", disk.ByteHours);
            Number("bytes", disk.Hours > 0 ? disk.ByteHours / disk.Hours : 0);
            if (disk.ByteHoursUsed is { } used)
                Number("byteHoursUsed", used);
            else
                json.WriteNull("byteHoursUsed");
            json.WriteString("storageClass", disk.StorageClass);
            json.WriteString("volumeName", disk.IsAttached ? "" : disk.Name);
            json.WriteString("claimName", disk.ClaimName);
            json.WriteString("claimNamespace", disk.ClaimNamespace);
        }

        void Number(string name, double value) => json.WriteCost(name, value, decimals);
    }
}
