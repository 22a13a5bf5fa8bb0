using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>
/// Where the embedded server, which is as kube-apiserver 1.36, may answer otherwise than the real one: because that one is of an earlier release than the
/// entry names, or, without a release, by intention. Each entry says what the embedded server must answer, and a test verifies that the two still differ.
/// </summary>
internal static class KubectlDifferences
{
    private const string StrictDecoding = "since 1.25 the server validates fields itself; before, kubectl did it with the server's OpenAPI";
    private const string OwnWords = "intended: descriptions are in our own words; 1.20 serves only OpenAPI v2, from which kubectl explains in another layout";
    private const string ExplainsV3 = "kubectl explains from OpenAPI v3 where it is served, in another layout; 1.20 serves only v2";
    private const string Decoder = "since 1.23 the server decodes with Go's own JSON decoder, whose messages are different";
    private const string JsonValues = "since 1.34 servers show refused values as JSON; before, in Go's syntax";
    private const string PatchCause = "intended: a patch that does not apply is refused with the cause, which kube-apiserver keeps for itself";

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("patch json with a failing test", PatchCause) { EmbeddedExitCode = 1, EmbeddedSays = "The request is invalid: the server rejected our request due to an error in our request: testing value /data/a failed" },
        new("patch json without the path", PatchCause) { EmbeddedExitCode = 1, EmbeddedSays = "The request is invalid: the server rejected our request due to an error in our request: remove operation does not apply" },
        new("patch a wrong type", "intended: the field is named instead of printing the whole object") { EmbeddedExitCode = 1, EmbeddedSays = "is invalid: data: Invalid value: \"string\"" },

        new("secret with bad data", Decoder) { Before = "1.23", EmbeddedExitCode = 1, EmbeddedSays = "(BadRequest): error when creating \"STDIN\": Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 0" },
        new("wrong type", Decoder) { Before = "1.23", EmbeddedExitCode = 1, EmbeddedSays = "json: cannot unmarshal number into Go struct field ConfigMap.data of type string" },
        new("unknown field", StrictDecoding) { Before = "1.25", EmbeddedExitCode = 1, EmbeddedSays = "cannot be handled as a ConfigMap: strict decoding error: unknown field \"dta\"" },
        new("custom with an unknown field", StrictDecoding) { Before = "1.25", EmbeddedExitCode = 1, EmbeddedSays = "cannot be handled as a Widget: strict decoding error: unknown field \"spec.colour\"" },

        new("change the selector", JsonValues)
        {
            Before = "1.34",
            EmbeddedExitCode = 1,
            EmbeddedSays = "* spec.template.metadata.labels: Invalid value: {\"app\":\"web\"}: `selector` does not match template `labels`\n"
                + "* spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"other\"}}: field is immutable",
        },
        new("deployment without a selector", JsonValues)
        {
            Before = "1.34",
            EmbeddedExitCode = 1,
            EmbeddedSays = "* spec.selector: Required value\n* spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`",
        },
        new("change a pod's spec", "newer servers also name spec.terminationGracePeriodSeconds, which may be raised from a negative value")
        {
            Before = "1.25",
            EmbeddedExitCode = 1, EmbeddedSays = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,",
        },
        new("custom with a long text", "on newer servers a text that is too long is its own kind of error") { Before = "1.32", EmbeddedExitCode = 1, EmbeddedSays = "spec.note: Too long: may not be more than 10 bytes" },
        new("status is not the spec's business", "since 1.22 a write of fields that the endpoint resets owns none of them, so that nothing changes") { Before = "1.22", EmbeddedSays = "patched (no change)" },

        new("create cronjob", "batch/v1 CronJob is served since 1.21") { Before = "1.21", EmbeddedSays = "cronjob.batch/nightly created" },
        new("create disruption budget", "policy/v1 is served since 1.21") { Before = "1.21", EmbeddedSays = "poddisruptionbudget.policy/guard created" },
        new("all api resources", "kinds have come and gone since 1.20, and by intention: Cluster API's kinds are served, and none for what is not here (flow control, devices, ServiceCIDRs)") { EmbeddedSays = "poddisruptionbudgets pdb policy/v1 true PodDisruptionBudget" },
        new("api versions", "policy/v1 is served since 1.21") { Before = "1.21", EmbeddedSays = "\npolicy/v1\n" },
        new("auth whoami", "SelfSubjectReview is served since 1.28, and tells the credential since 1.32") { Before = "1.32", EmbeddedSays = "Groups [system:masters system:authenticated]" },
        new("version", "intended: the server says truly what compiled it") { EmbeddedSays = "\"compiler\": \"dotnet\"" },

        new("explain", OwnWords) { EmbeddedSays = "GROUP: $TAG.example.com\nKIND: Widget\nVERSION: v1\n" },
        new("explain a field", ExplainsV3) { Before = "1.24", EmbeddedSays = "FIELD: size <string>\nENUM:\n    small\n    large\n" },
        new("explain recursively", ExplainsV3) { Before = "1.24", EmbeddedSays = "parts <[]Object>\n    id <integer>\n" },
        new("explain an unknown field", ExplainsV3) { Before = "1.24", EmbeddedExitCode = 1, EmbeddedSays = "error: field \"colour\" does not exist" },
        new("explain a built-in field", OwnWords) { EmbeddedSays = "FIELD: immutable <boolean>" },
    ];
}
