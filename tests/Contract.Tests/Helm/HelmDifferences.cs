using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Helm;

/// <summary>
/// Where the embedded server may answer otherwise than the real one, because that one is older, or by intention.
/// Each entry says what the embedded server must answer, and a test verifies that the two still differ.
/// </summary>
internal static class HelmDifferences
{
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("status as json", "helm 4 prints whole objects, and the controllers of the embedded server write under their own name; also, since 1.22 managed fields name the subresource, since 1.23 Services have IP families, selectors became atomic, and since 1.35 Deployments count what terminates")
        {
            Tool = "4.1.4",
            EmbeddedSays = "\"internalTrafficPolicy\":\"Cluster\",\"ipFamilies\":[\"IPv4\"],\"ipFamilyPolicy\":\"SingleStack\"",
        },
    ];
}
