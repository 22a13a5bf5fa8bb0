using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using static Fleet.ControlPlane.Printing.RowPrinter;

namespace Fleet.ControlPlane.Printing;

/// <summary>Services and what is around them.</summary>
internal static class ServicePrinters
{
    public static RowPrinter Service { get; } = new(
        Text("Type", b => At(b, "spec.type").Text()),
        Text("Cluster-IP", b => At(b, "spec.clusterIP").Text() is { Length: > 0 } ip ? ip : "<none>"),
        Text("External-IP", ExternalAddress),
        Text("Port(s)", b => Joined(Items(b, "spec.ports").Select(Port))),
        AgeColumn,
        Text("+Selector", b => Labels(At(b, "spec.selector"))));

    public static RowPrinter Endpoints { get; } = new(Text("Endpoints", Addresses), AgeColumn);

    public static RowPrinter EndpointSlice { get; } = new(
        Text("AddressType", b => b["addressType"].Text()),
        Text("Ports", b => Few(Items(b, "ports").Select(p => Scalar(p["port"])), "<unset>")),
        Text("Endpoints", b => Few(Items(b, "endpoints").SelectMany(e => e["addresses"] as JsonArray ?? []).Select(a => a.Text()), "<unset>")),
        AgeColumn);

    public static RowPrinter Ingress { get; } = new(
        Text("Class", b => At(b, "spec.ingressClassName").Text() ?? "<none>"),
        Text("Hosts", b => Few(Items(b, "spec.rules").Select(r => r["host"].Text() ?? "*"), "*")),
        Text("Address", b => Joined(Items(b, "status.loadBalancer.ingress").Select(i => i["ip"].Text() ?? i["hostname"].Text()), "")),
        Text("Ports", b => Items(b, "spec.tls").Any() ? "80, 443" : "80"),
        AgeColumn);

    public static RowPrinter IngressClass { get; } = new(
        Text("Controller", b => At(b, "spec.controller").Text()),
        Text("Parameters", b => At(b, "spec.parameters") is { } p ? $"{p["kind"].Text()}.{p["apiGroup"].Text()}/{p["name"].Text()}" : "<none>"),
        AgeColumn);

    public static RowPrinter NetworkPolicy { get; } = new(Text("Pod-Selector", b => Selector(At(b, "spec.podSelector"))), AgeColumn);

    private static string ExternalAddress(JsonObject body)
    {
        var fixedOnes = (At(body, "spec.externalIPs") as JsonArray ?? []).Select(i => i.Text());
        switch (At(body, "spec.type").Text())
        {
            case "LoadBalancer":
                var given = Items(body, "status.loadBalancer.ingress").Select(i => i["ip"].Text() ?? i["hostname"].Text());
                return Joined(given.Concat(fixedOnes), "<pending>");
            case "ExternalName": return At(body, "spec.externalName").Text() ?? "";
            default: return Joined(fixedOnes);
        }
    }

    private static string Port(JsonObject port)
    {
        var protocol = port["protocol"].Text() ?? "TCP";
        return port["nodePort"].Number() is > 0 and var node ? $"{port["port"].Number()}:{node}/{protocol}" : $"{port["port"].Number()}/{protocol}";
    }

    private static string Addresses(JsonObject body) => Few(
        Items(body, "subsets").SelectMany(s => Items(s, "addresses").SelectMany(a =>
            Items(s, "ports").Any() ? Items(s, "ports").Select(p => $"{a["ip"].Text()}:{p["port"].Number()}") : [a["ip"].Text() ?? ""])), "<none>");

    /// <summary>Three, and how many more.</summary>
    private static string Few(IEnumerable<string?> items, string none)
    {
        var all = items.Where(i => !string.IsNullOrEmpty(i)).ToArray();
        if (all.Length == 0) return none;
        return all.Length <= 3 ? string.Join(',', all) : $"{string.Join(',', all[..3])} + {all.Length - 3} more...";
    }
}
