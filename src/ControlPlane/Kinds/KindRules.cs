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
            ReportUnknown(body, schema, context);
            if (kind.Custom is not null)
            {
                SchemaPruning.Prune(body, schema);
                SchemaDefaulting.Apply(body, schema);
            }
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
        causes.AddRange(further.Where(f => !causes.Any(c => c.Field == f.Field && c.Type == f.Type)));
    }

    private static void ReportUnknown(JsonObject body, Schema schema, WriteContext context)
    {
        if (context.FieldValidation == FieldValidation.Ignore) return;
        var unknown = SchemaPruning.UnknownFieldMessages(body, schema);
        if (unknown.Count == 0) return;
        if (context.FieldValidation == FieldValidation.Strict)
        {
            var kind = (string?)body["kind"];
            throw ApiErrors.BadRequest($"{kind} in version \"{(string?)body["apiVersion"]}\" cannot be handled as a {kind}: strict decoding error: {string.Join(", ", unknown)}");
        }
        context.Warnings.AddRange(unknown);
    }
}
