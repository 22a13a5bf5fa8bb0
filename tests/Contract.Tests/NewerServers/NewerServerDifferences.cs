using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.NewerServers;

/// <summary>Where the embedded server answers otherwise than a kube-apiserver of our own time, with the reason.</summary>
internal static class NewerServerDifferences
{
    private const string OwnDocuments = "intended: descriptions are in our own words, and there are documents of groups and versions only";

    private const string BadInput = "intended: 400, since the input is bad; kube-apiserver answers 500 without a reason, which clients take for a fault of its own";

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("index of OpenAPI v3", OwnDocuments) { EmbeddedSays = "\"apis/apps/v1\":{\"serverRelativeURL\":\"/openapi/v3/apis/apps/v1?hash=" },
        new("OpenAPI v3 of a custom group", OwnDocuments) { EmbeddedSays = "\"x-kubernetes-validations\"" },
        new("strict fields in server-side apply", BadInput) { EmbeddedExitCode = 1, EmbeddedSays = "Error from server (BadRequest): failed to create typed patch object ($NS/loose; /v1, Kind=ConfigMap): .dta: field not declared in schema" },
        new("unknown field of a limit, applied", BadInput) { EmbeddedExitCode = 1, EmbeddedSays = "Error from server (BadRequest): failed to create typed patch object" },
        new("initial events", "intended: a watch that ends because its time is over says once more from where to go on") { EmbeddedSays = "\"k8s.io/initial-events-end\":\"true\"" },
        new("a rule that does not compile", "intended: the path is that of the definition as it was sent, and the value the rule itself")
        {
            EmbeddedExitCode = 1,
            EmbeddedSays = "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: \"self.none <= self.high\": "
                + "compilation failed: ERROR: <input>:1:5: undefined field 'none'",
        },
    ];
}
