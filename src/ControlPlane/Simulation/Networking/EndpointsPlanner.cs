using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;

namespace Fleet.ControlPlane.Simulation.Networking;

/// <summary>The Endpoints and the EndpointSlice of a Service from the pods that its selector picks. Pure.</summary>
internal static class EndpointsPlanner
{
    public static (JsonObject Endpoints, JsonObject Slice) Plan(JsonObject service, IEnumerable<JsonObject> pods)
    {
        var picked = pods.Where(p => !p.IsFinished() && p.Text("status", "podIP") is not null).OrderBy(p => p.NameOf(), StringComparer.Ordinal).ToList();
        var publish = service.Flag("spec", "publishNotReadyAddresses");
        return (MakeEndpoints(service, picked, publish), MakeSlice(service, picked, publish));
    }

    public static string SliceName(JsonObject service) => $"{service.NameOf()}-{StableHash.Suffix(service.Uid(), 5)}";

    private static JsonObject MakeEndpoints(JsonObject service, List<JsonObject> pods, bool publish)
    {
        var ready = pods.Where(p => !p.IsDeleting() && (publish || p.IsReady())).ToList();
        var waiting = pods.Where(p => !p.IsDeleting() && !publish && !p.IsReady()).ToList();
        var subset = new JsonObject();
        if (ready.Count > 0)
            subset["addresses"] = ready.Select(Address).ToJson();
        if (waiting.Count > 0)
            subset["notReadyAddresses"] = waiting.Select(Address).ToJson();
        var result = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Endpoints",
            ["metadata"] = new JsonObject
            {
                ["name"] = service.NameOf(),
                ["namespace"] = service.NamespaceOf(),
                ["labels"] = service.Strings("metadata", "labels").ToJson(),
            },
        };
        if (subset.Count == 0)
            return result;
        subset["ports"] = service.Items("spec", "ports").Select(p => Port(p, pods)).ToJson();
        result["subsets"] = new JsonArray(subset);
        return result;
    }

    private static JsonObject MakeSlice(JsonObject service, List<JsonObject> pods, bool publish)
    {
        var labels = service.Strings("metadata", "labels");
        labels["kubernetes.io/service-name"] = service.NameOf();
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        return new()
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = new JsonObject
            {
                ["name"] = SliceName(service),
                ["namespace"] = service.NamespaceOf(),
                ["labels"] = labels.ToJson(),
                ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(service)),
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = pods.Select(p => new JsonObject
            {
                ["addresses"] = new JsonArray(p.Text("status", "podIP")),
                ["conditions"] = new JsonObject
                {
                    ["ready"] = publish || (p.IsReady() && !p.IsDeleting()),
                    ["serving"] = publish || p.IsReady(),
                    ["terminating"] = p.IsDeleting(),
                },
                ["nodeName"] = p.Text("spec", "nodeName"),
                ["targetRef"] = Target(p),
            }).ToJson(),
            ["ports"] = service.Items("spec", "ports").Select(p => Port(p, pods)).ToJson(),
        };
    }

    private static JsonObject Address(JsonObject pod) => new()
    {
        ["ip"] = pod.Text("status", "podIP"),
        ["nodeName"] = pod.Text("spec", "nodeName"),
        ["targetRef"] = Target(pod),
    };

    private static JsonObject Target(JsonObject pod) => new()
    {
        ["kind"] = "Pod", ["name"] = pod.NameOf(), ["namespace"] = pod.NamespaceOf(), ["uid"] = pod.Uid(),
    };

    private static JsonObject Port(JsonObject port, List<JsonObject> pods)
    {
        var result = new JsonObject();
        if (port.Text("name") is { } name)
            result["name"] = name;
        result["port"] = TargetPort(port, pods);
        result["protocol"] = port.Text("protocol") ?? "TCP";
        return result;
    }

    private static int TargetPort(JsonObject port, List<JsonObject> pods)
    {
        if (port.Number("targetPort") is > 0 and var number)
            return number;
        var name = port.Text("targetPort");
        if (string.IsNullOrEmpty(name))
            return port.Number("port") ?? 0;
        return pods.SelectMany(p => p.Items("spec", "containers")).SelectMany(c => c.Items("ports"))
            .FirstOrDefault(p => p.Text("name") == name)?.Number("containerPort") ?? port.Number("port") ?? 0;
    }
}
