namespace Fleet.StateManager.Manifests;

/// <summary>Manifests that cannot be made into a release. A fault is for a person to repair; anything else may come by itself. Shows nothing of a Secret.</summary>
internal sealed class ManifestException(string message, bool isFault = true) : Exception(message)
{
    public bool IsFault => isFault;
}
