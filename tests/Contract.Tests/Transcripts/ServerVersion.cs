using System.Globalization;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>Versions as servers tell them (<c>v1.20.2</c>, <c>v1.36.0-fleet</c>) beside those of Kubernetes' minor releases (<c>1.25</c>).</summary>
internal static class ServerVersion
{
    /// <summary>True when a server of this version is of the release or of a later one.</summary>
    public static bool IsSince(string gitVersion, string release) => Minor(gitVersion) >= Minor(release);

    private static int Minor(string version) => int.Parse(version.TrimStart('v').Split('.')[1], CultureInfo.InvariantCulture);
}
