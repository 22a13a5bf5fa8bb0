using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Provider ids, node names, addresses and sizes of simulated machines. Pure; the same machine always gets the same.</summary>
internal static class MachineNames
{
    public static string Address(string uid)
    {
        var number = StableHash.Number(uid);
        return $"10.{number % 64}.{(number >> 8) & 0xff}.{4 + ((number >> 16) % 250)}";
    }

    public static string Zone(JsonObject machine, JsonObject infrastructureCluster)
    {
        if ((machine.Text("spec", "failureDomain") ?? machine.Text("spec", "zone")) is { Length: > 0 } given)
            return given;
        var zones = ProviderNames.Zones(infrastructureCluster);
        return zones[(int)(StableHash.Number(machine.Uid()) % (ulong)zones.Count)];
    }

    public static string NodeName(string kind, string name, string uid, string region) => ProviderNames.Is(kind, "AWS")
        ? $"ip-{Address(uid).Replace('.', '-')}.{region}.compute.internal"
        : name;

    public static string ProviderId(JsonObject machine, JsonObject infrastructureCluster, string zone)
    {
        var (kind, name, uid) = (machine.Text("kind") ?? "", machine.NameOf(), machine.Uid());
        var guid = Guid.ParseExact(StableHash.Hex(uid, 32), "N");
        var cluster = infrastructureCluster.NameOf();
        return kind switch
        {
            _ when ProviderNames.Is(kind, "AWS") => $"aws:///{zone}/i-0{StableHash.Hex(uid, 16)}",
            _ when ProviderNames.Is(kind, "Azure") =>
                $"azure:///subscriptions/{infrastructureCluster.Text("spec", "subscriptionID") ?? "00000000-0000-0000-0000-000000000000"}"
                + $"/resourceGroups/{infrastructureCluster.Text("spec", "resourceGroup") ?? cluster}/providers/Microsoft.Compute/virtualMachines/{name}",
            _ when ProviderNames.Is(kind, "GCP") => $"gce://{infrastructureCluster.Text("spec", "project") ?? "project"}/{zone}/{name}",
            _ when ProviderNames.Is(kind, "OpenStack") => $"openstack:///{guid}",
            _ when ProviderNames.Is(kind, "VSphere") => $"vsphere://{guid}",
            _ when ProviderNames.Is(kind, "Kubevirt") => $"kubevirt://{name}",
            _ when ProviderNames.Is(kind, "Docker") || ProviderNames.Is(kind, "Dev") => $"docker:////{name}",
            _ when ProviderNames.Is(kind, "Remote") => $"remote-machine://{machine.Text("spec", "address") ?? name}:{machine.Number("spec", "port") ?? 22}",
            _ => $"simulated://{cluster}/{name}",
        };
    }

    /// <summary>By the provider's own field; sizes that are given as numbers make a type of their own.</summary>
    public static MachineType TypeOf(JsonObject machine)
    {
        var name = machine.Text("spec", "instanceType") ?? machine.Text("spec", "machineType") ?? machine.Text("spec", "vmSize") ?? machine.Text("spec", "flavor")
            ?? ProviderNames.AzureService(machine)?.Text("vmSize");
        if (name is not null)
            return MachineType.Of(name);
        var cpus = machine.Number("spec", "numCPUs") ?? machine.Number("spec", "cpus")
            ?? machine.Number("spec", "virtualMachineTemplate", "spec", "template", "spec", "domain", "cpu", "cores");
        var memory = machine.Number("spec", "memoryMiB") is { } mebi ? mebi
            : (machine.Text("spec", "memory") ?? machine.Text("spec", "virtualMachineTemplate", "spec", "template", "spec", "domain", "memory", "guest")) is { } text
                ? Quantities.Units(text) / (1024 * 1024)
                : (long?)null;
        return cpus is null && memory is null ? MachineType.Of(null) : new($"{cpus ?? 2}cpu-{memory ?? 4096}mi", cpus ?? 2, memory ?? 4096);
    }
}
