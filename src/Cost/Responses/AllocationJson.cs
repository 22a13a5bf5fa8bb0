using System.Text.Json;
using Fleet.Cost.Allocations;

namespace Fleet.Cost.Responses;

/// <summary>
/// Writes allocations as OpenCost's <c>/allocation</c> does: <c>{"code":200,"data":[{"key":{…}}]}</c>, an object for each step. Beside OpenCost's fields a row says which of its
/// prices are missing, and the answer in which currency it is. Pure.
/// </summary>
public static class AllocationJson
{
    /// <param name="json">Where to.</param>
    /// <param name="sets">One for each step.</param>
    /// <param name="decimals">Null writes numbers as they are.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<AllocationSet> sets, int? decimals = CostNumbers.Decimals)
    {
        json.WriteStartObject();
        json.WriteNumber("code", 200);
        json.WriteStartArray("data");
        string? currency = null;
        foreach (var set in sets)
        {
            currency ??= set.Currency;
            json.WriteStartObject();
            foreach (var (name, allocation) in set.Allocations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                Write(json, allocation, decimals);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (currency is not null)
            json.WriteString("currency", currency);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Allocation row, int? decimals)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        WriteProperties(json, row.Properties);
        json.WriteStartObject("window");
        json.WriteTime("start", row.Window.Start);
        json.WriteTime("end", row.Window.End);
        json.WriteEndObject();
        json.WriteTime("start", row.Start);
        json.WriteTime("end", row.End);
        Number("minutes", row.Minutes);
        WriteCompute(json, row, decimals);
        Number("networkTransferBytes", row.Network.TransferBytes);
        Number("networkReceiveBytes", row.Network.ReceiveBytes);
        Number("networkCost", row.Network.Cost);
        Number("networkCrossZoneCost", row.Network.CrossZoneCost);
        Number("networkCrossRegionCost", row.Network.CrossRegionCost);
        Number("networkInternetCost", row.Network.InternetCost);
        Number("networkCostAdjustment", row.Network.CostAdjustment);
        Number("loadBalancerCost", row.LoadBalancerCost);
        Number("loadBalancerCostAdjustment", row.LoadBalancerCostAdjustment);
        Number("pvBytes", row.VolumeBytes);
        Number("pvByteHours", row.VolumeByteHours);
        Number("pvCost", row.VolumeCost);
        WriteVolumes(json, row, decimals);
        Number("pvCostAdjustment", row.VolumeCostAdjustment);
        Number("externalCost", row.ExternalCost);
        Number("sharedCost", row.SharedCost);
        Number("totalCost", row.TotalCost);
        Number("totalEfficiency", row.TotalEfficiency);
        if (row.Peak is { } peak)
        {
            json.WriteStartObject("rawAllocationOnly");
            Number("cpuCoreUsageMax", peak.CpuCores);
            Number("ramByteUsageMax", peak.RamBytes);
            json.WriteEndObject();
        }
        else
            json.WriteNull("rawAllocationOnly");
        WriteLoadBalancers(json, row, decimals);
        WriteSharedParts(json, row, decimals);
        WriteAssetShares(json, row, decimals);
        if (row.MissingPrice != MissingPrice.None)
        {
            json.WriteStartArray("missingPrices");
            foreach (var part in Enum.GetValues<MissingPrice>().Where(part => part != MissingPrice.None && row.MissingPrice.HasFlag(part)))
                json.WriteStringValue(part.ToString().ToLowerInvariant());
            json.WriteEndArray();
        }
        json.WriteEndObject();

        void Number(string name, double value) => json.WriteCost(name, value, decimals);
    }

    private static void WriteCompute(Utf8JsonWriter json, Allocation row, int? decimals)
    {
        Resource("cpu", "cpuCores", row.CpuCores, "cpuCore", "cpuCoreHours", row.Cpu);
        Resource("gpu", "gpuCount", row.Gpus, "gpu", "gpuHours", row.Gpu);
        Resource("ram", "ramBytes", row.RamBytes, "ramByte", "ramByteHours", row.Ram);

        void Resource(string prefix, string amountName, double amount, string averages, string hoursName, ComputeAmount compute)
        {
            json.WriteCost(amountName, amount, decimals);
            json.WriteCost($"{averages}RequestAverage", compute.RequestAverage, decimals);
            json.WriteCost($"{averages}UsageAverage", compute.UsageAverage, decimals);
            json.WriteCost(hoursName, compute.Hours, decimals);
            json.WriteCost($"{prefix}Cost", compute.Cost, decimals);
            json.WriteCost($"{prefix}CostAdjustment", compute.CostAdjustment, decimals);
            json.WriteCost($"{prefix}CostIdle", compute.CostIdle, decimals);
            json.WriteCost($"{prefix}Efficiency", compute.Efficiency, decimals);
        }
    }

    private static void WriteProperties(Utf8JsonWriter json, AllocationProperties properties)
    {
        json.WriteStartObject("properties");
        foreach (var (name, value) in ((string, string)[])
            [("cluster", properties.Cluster), ("node", properties.Node), ("container", properties.Container), ("controller", properties.Controller),
                ("controllerKind", properties.ControllerKind), ("namespace", properties.Namespace), ("pod", properties.Pod), ("providerID", properties.ProviderId)])
            if (value.Length > 0)
                json.WriteString(name, value);
        if (properties.Services.Count > 0)
        {
            json.WriteStartArray("services");
            foreach (var service in properties.Services)
                json.WriteStringValue(service);
            json.WriteEndArray();
        }
        foreach (var (name, map) in ((string, IReadOnlyDictionary<string, string>)[])[("labels", properties.Labels), ("annotations", properties.Annotations)])
            if (map.Count > 0)
            {
                json.WriteStartObject(name);
                foreach (var (key, value) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
        json.WriteEndObject();
    }

    private static void WriteVolumes(Utf8JsonWriter json, Allocation row, int? decimals) =>
        WriteNamed(json, "pvs", row.Volumes.Select(pair => (pair.Key.ToString(), pair.Value)), nullWhenEmpty: true, (_, share) =>
        {
            json.WriteCost("byteHours", share.ByteHours, decimals);
            json.WriteCost("cost", share.Cost, decimals);
            json.WriteString("providerID", share.ProviderId);
            json.WriteCost("adjustment", share.Adjustment, decimals);
        });

    private static void WriteLoadBalancers(Utf8JsonWriter json, Allocation row, int? decimals) =>
        WriteNamed(json, "lbAllocations", row.LoadBalancers.Select(pair => (pair.Key, pair.Value)), nullWhenEmpty: true, (_, share) =>
        {
            json.WriteString("service", share.Service);
            json.WriteCost("cost", share.Cost, decimals);
            json.WriteBoolean("private", share.IsPrivate);
            json.WriteString("ip", share.Ip);
            json.WriteCost("hours", share.Hours, decimals);
            json.WriteCost("adjustment", share.Adjustment, decimals);
        });

    private static void WriteAssetShares(Utf8JsonWriter json, Allocation row, int? decimals) =>
        WriteNamed(json, "proportionalAssetResourceCosts", row.AssetShares.Select(pair => (pair.Key, pair.Value)), nullWhenEmpty: false, (_, share) =>
        {
            foreach (var (name, text) in ((string, string)[])[("cluster", share.Cluster), ("name", share.Name), ("type", share.Type), ("providerID", share.ProviderId)])
                if (text.Length > 0)
                    json.WriteString(name, text);
            json.WriteCost("cpuPercentage", share.CpuPart, decimals);
            json.WriteCost("gpuPercentage", share.GpuPart, decimals);
            json.WriteCost("ramPercentage", share.RamPart, decimals);
            json.WriteCost("loadBalancerPercentage", share.LoadBalancerPart, decimals);
            json.WriteCost("pvPercentage", share.VolumePart, decimals);
            json.WriteCost("nodeResourceCostPercentage", share.NodePart, decimals);
        });

    private static void WriteSharedParts(Utf8JsonWriter json, Allocation row, int? decimals) =>
        WriteNamed(json, "sharedCostBreakdown", row.SharedParts.Select(pair => (pair.Key, pair.Value)), nullWhenEmpty: false, (name, part) =>
        {
            json.WriteString("name", name);
            json.WriteCost("totalCost", part.Total, decimals);
            json.WriteCost("cpuCost", part.Cpu, decimals);
            json.WriteCost("gpuCost", part.Gpu, decimals);
            json.WriteCost("ramCost", part.Ram, decimals);
            json.WriteCost("pvCost", part.Volume, decimals);
            json.WriteCost("networkCost", part.Network, decimals);
            json.WriteCost("loadBalancerCost", part.LoadBalancer, decimals);
            json.WriteCost("externalCost", part.External, decimals);
        });

    /// <summary>An object of objects, in the order of their names.</summary>
    private static void WriteNamed<T>(Utf8JsonWriter json, string property, IEnumerable<(string Name, T Value)> items, bool nullWhenEmpty, Action<string, T> write)
    {
        var sorted = items.OrderBy(item => item.Name, StringComparer.Ordinal).ToList();
        if (sorted.Count == 0)
        {
            if (nullWhenEmpty)
                json.WriteNull(property);
            return;
        }
        json.WriteStartObject(property);
        foreach (var (name, value) in sorted)
        {
            json.WriteStartObject(name);
            write(name, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
