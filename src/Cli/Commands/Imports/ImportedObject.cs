using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Commands.Imports;

/// <summary>What becomes of one object of the other side.</summary>
/// <param name="Manifest">What Fleet is given; null where nothing is.</param>
/// <param name="Why">What was changed, or why it is not taken.</param>
internal sealed record ImportedObject(string Kind, ObjectKey Key, ImportVerdict Verdict, string Why, JsonObject? Manifest);

internal enum ImportVerdict
{
    /// <summary>As it is, without what a server writes into every object.</summary>
    AsIs,
    Changed,

    /// <summary>Fleet makes such objects itself, from others that are taken.</summary>
    NotNeeded,

    NotSupported,
}
