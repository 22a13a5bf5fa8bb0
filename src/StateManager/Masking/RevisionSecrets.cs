using Fleet.StateManager.Inventory;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Masking;

/// <summary>Texts of a revision that must not be shown: those of the Secrets that its values come from now, and those that may have come from one then. Pure.</summary>
internal static class RevisionSecrets
{
    /// <param name="source">Null or blocked: nobody can say which of the recorded values are secret, so all are.</param>
    public static IReadOnlyCollection<string> Of(ServiceSource? source, ReleaseManifest manifest)
    {
        if (source is not ServiceSource.Found found)
            return [.. ServiceValues.Texts(manifest.Values)];
        var present = ValueProvenance.Of([], found.Layers).ToDictionary(value => value.Path);
        // A Secret may hold another text by now, and one that nobody names any more may have been named then.
        var recorded = ValueProvenance.Of(manifest.Values, [])
            .Where(value => !present.TryGetValue(value.Path, out var now) || now.From.IsSecret || now.Over.Any(origin => origin.IsSecret))
            .SelectMany(value => ServiceValues.Texts(value.Value));
        return [.. found.Secrets.Concat(recorded).Distinct()];
    }
}
