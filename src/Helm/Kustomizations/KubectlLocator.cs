using Fleet.Helm.Errors;

namespace Fleet.Helm.Kustomizations;

/// <summary>Finds kubectl, with whose kustomize kustomizations are built and rendered objects patched.</summary>
internal sealed class KubectlLocator(HelmOptions options)
{
    /// <summary>Names the binary when no option does.</summary>
    public const string Variable = "FLEET_KUBECTL";

    /// <exception cref="HelmException">There is none.</exception>
    public string Locate()
    {
        var named = options.KubectlPath ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return File.Exists(named) ? Path.GetFullPath(named)
                : throw new HelmException(HelmErrorKind.BinaryMissing, $"There is no kubectl at {named}. Correct {Variable} (or the option), or unset it to use kubectl from PATH.");
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            if (Path.Combine(folder, "kubectl") is var candidate && File.Exists(candidate))
                return candidate;
        throw new HelmException(HelmErrorKind.BinaryMissing, $"kubectl is not on PATH, and kustomizations and patches are worked out with it. Install kubectl, or set {Variable} to its path.");
    }
}
