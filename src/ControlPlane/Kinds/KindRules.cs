using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Schemas;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Kinds;

/// <summary>What differs between kinds when they are written: the way from a kind to its defaults and its checks.</summary>
internal static class KindRules
{
    private static readonly HashSet<string> WithGeneration = new(StringComparer.Ordinal)
    {
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Job",
        "CronJob", "CustomResourceDefinition", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "Pod", "EndpointSlice", "IngressClass", "PriorityClass",
    };

    public static bool HasGeneration(KindInfo kind) => kind.Custom is not null || WithGeneration.Contains(kind.Kind);

    /// <summary>The server itself writes the first status of these, or takes the creator's.</summary>
    public static bool KeepsStatusOnCreate(KindInfo kind) => kind.Custom is null && kind.Kind is "Node" or "APIService";

    /// <summary>Drops or reports unknown fields, then fills in defaults.</summary>
    public static void Default(Cluster cluster, KindInfo kind, JsonObject body, JsonObject? old, WriteContext context)
    {
        if (kind.Custom is null) NullFields.Remove(body);
        if (kind.Schema is { } schema)
        {
            Report(kind, [.. context.DuplicateFields, .. SchemaPruning.Messages(SchemaPruning.Prune(body, schema))], context);
            if (kind.Custom is not null) SchemaDefaulting.Apply(body, schema);
        }
        if (kind.Custom is null) BuiltInDefaults.Apply(cluster, kind, body, old);
    }

    public static void Validate(KindInfo kind, JsonObject body, JsonObject? old, List<ApiStatusCause> causes)
    {
        if (kind.Schema is { } schema)
        {
            foreach (var error in SchemaValidation.Validate(body, old, schema)) causes.Add(error.ToCause());
        }
        if (kind.Custom?.Scale is { } scale) ScaleValidation.Check(scale, body, new FieldCauses(causes));
        // What is only missing does not stop the other checks, which may miss the same.
        if (kind.Custom is not null || causes.Any(c => c.Type != "FieldValueRequired")) return;
        var further = new List<ApiStatusCause>();
        BuiltInValidation.Check(kind, body, old, further);
        foreach (var one in further)
        {
            // The schema knows only that something is missing; who looks closer may say why it is needed.
            var same = causes.FindIndex(c => c.Field == one.Field && c.Type == one.Type);
            if (same < 0) causes.Add(one);
            else causes[same] = one;
        }
    }

    private static void Report(KindInfo kind, List<string> findings, WriteContext context)
    {
        if (findings.Count == 0 || context.FieldValidation == FieldValidation.Ignore) return;
        if (context.FieldValidation == FieldValidation.Strict)
            throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {string.Join(", ", findings)}");
        context.Warnings.AddRange(findings);
    }
}
