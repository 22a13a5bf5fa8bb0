using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.CustomResourceDefinitions;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>
/// What an API server is told about the webhook. It is only asked about kinds of this group that have rules, and never about status or other subresources, so
/// whatever Fleet needs to be installed, repaired or removed with (deployments, secrets, definitions, this very configuration) does not depend on it. Pure.
/// </summary>
internal static class WebhookConfiguration
{
    public static readonly ResourceKind Validating =
        new("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Namespaced: false);

    /// <summary>On an object or a namespace, with the value <c>skip</c>: not asked about. The way out when admission itself is the trouble.</summary>
    public const string Label = "k0rdent.mirantis.com/admission";

    /// <summary>Written by Fleet all the time, or without rules.</summary>
    private static readonly HashSet<string> NotAsked = ["servicesets", "providerinterfaces"];

    public static JsonObject ForValidation(WebhookOptions options, int port, string authorities) => new()
    {
        ["apiVersion"] = Validating.ApiVersion,
        ["kind"] = Validating.Kind,
        ["metadata"] = new JsonObject { ["name"] = options.Name, ["labels"] = new JsonObject { [FleetLabels.Managed] = "true" } },
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = $"validation.{FleetApi.Group}",
            ["admissionReviewVersions"] = new JsonArray("v1"),
            ["clientConfig"] = Client(options, port, authorities),
            // On one machine nobody else starts the ClusterManager again: it must not be needed. In a cluster it is kept running and there are several.
            ["failurePolicy"] = options.Service is null ? "Ignore" : "Fail",
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = 5,
            ["namespaceSelector"] = Unlabelled(),
            ["objectSelector"] = Unlabelled(),
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray(FleetApi.Group),
                ["apiVersions"] = new JsonArray("*"),
                ["operations"] = new JsonArray("CREATE", "UPDATE", "DELETE"),
                ["resources"] = new JsonArray([.. Resources().Select(name => (JsonNode)name)]),
                ["scope"] = "*",
            }),
        }),
    };

    private static IEnumerable<string> Resources() =>
        from definition in CustomResourceDefinition.OfAllKinds()
        where (string?)definition["spec"]?["group"] == FleetApi.Group
        let plural = (string)definition["spec"]!["names"]!["plural"]!
        where !NotAsked.Contains(plural)
        select plural;

    private static JsonObject Client(WebhookOptions options, int port, string authorities)
    {
        var client = new JsonObject { ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities)) };
        if (options.Service is { } service)
            client["service"] = new JsonObject { ["namespace"] = service.Namespace, ["name"] = service.Name, ["port"] = service.Port, ["path"] = WebhookServer.ValidatePath };
        else
            client["url"] = $"https://{options.Address}:{port}{WebhookServer.ValidatePath}";
        return client;
    }

    private static JsonObject Unlabelled() => new()
    {
        ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = Label, ["operator"] = "NotIn", ["values"] = new JsonArray("skip") }),
    };
}
