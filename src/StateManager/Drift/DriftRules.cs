using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Drift;

/// <summary>Which objects and which fields may be changed by others. Pure; equal when they were stated in the same words.</summary>
internal sealed class DriftRules : IEquatable<DriftRules>
{
    /// <summary>Upstream's own mark on an object, in the manifest or in the cluster.</summary>
    private const string IgnoreAnnotation = "projectsveltos.io/driftDetectionIgnore";

    private readonly IReadOnlyList<ObjectFilter> ignored;
    private readonly IReadOnlyList<(ObjectFilter? Target, IReadOnlyList<string[]> Paths)> excluded;
    private readonly string words;

    private DriftRules(IReadOnlyList<ObjectFilter> ignored, IReadOnlyList<(ObjectFilter?, IReadOnlyList<string[]>)> excluded, string words) =>
        (this.ignored, this.excluded, this.words) = (ignored, excluded, words);

    public static DriftRules None { get; } = new([], [], "");

    /// <exception cref="DriftSettingsException">A selector or a path cannot be read.</exception>
    public static DriftRules Of(IReadOnlyList<ObjectSelector> ignore, IReadOnlyList<DriftExclusion> exclusions, string words) => new(
        [.. ignore.Select((selector, i) => ObjectFilter.Of(selector, $"driftIgnore[{i}]"))],
        [.. exclusions.Select((exclusion, i) => (
            exclusion.Target is { } target ? ObjectFilter.Of(target, $"driftExclusions[{i}].target") : null,
            (IReadOnlyList<string[]>)[.. exclusion.Paths.Select(path => Steps(path, $"driftExclusions[{i}].paths"))]))],
        words);

    /// <summary>Whatever becomes of the object is not drift.</summary>
    /// <param name="live">Null when there is no such object.</param>
    public bool Ignores(InventoryObject o, JsonObject declared, JsonObject? live) =>
        Annotations(declared)?.ContainsKey(IgnoreAnnotation) == true
        || Annotations(live)?.ContainsKey(IgnoreAnnotation) == true
        || ignored.Any(filter => filter.Matches(o, declared));

    /// <summary>The pointers whose fields do not count for an object, in steps; <c>*</c> stands for any step.</summary>
    public IReadOnlyList<string[]> ExclusionsFor(InventoryObject o, JsonObject declared) =>
        [.. excluded.Where(e => e.Target?.Matches(o, declared) ?? true).SelectMany(e => e.Paths)];

    /// <summary>Equal for rules that were stated in the same words, in any process.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words))[..8]);

    /// <summary>Nothing is left to others, but for objects that say so themselves.</summary>
    public bool IsEmpty => ignored.Count == 0 && excluded.Count == 0;

    /// <summary>
    /// Some field of these objects may be, and is, otherwise than declared: whoever writes the declaration again takes it from those it was left to. True as
    /// well while that can not be seen.
    /// </summary>
    public bool LeaveToOthers(IReadOnlyList<WatchedObject> objects) =>
        objects.Any(seen => seen.Live is { } live
            ? LeftToOthers(seen.Object, ObjectComparer.Canonical(seen.Object.Type, seen.Object.Declared.Read()), live.Content.Read(), live.ScaledFields).Count > 0
            : !seen.IsKnown && !IsEmpty);

    /// <summary>The fields of an object that may be, and are, otherwise than declared.</summary>
    public IReadOnlyList<FieldPath> LeftToOthers(InventoryObject o, JsonObject declared, JsonObject live, string scaled)
    {
        var all = DriftDetector.Compare(o, declared, live, scaled, None).Drifts;
        if (all.Count == 0 || Ignores(o, declared, live))
            return [.. all.Select(drift => drift.Path)];
        var ours = DriftDetector.Compare(o, declared, live, scaled, this).Drifts.Select(drift => drift.Path.ToString()).ToHashSet(StringComparer.Ordinal);
        return [.. all.Select(drift => drift.Path).Where(path => !ours.Contains(path.ToString()))];
    }

    public bool Equals(DriftRules? other) => other is not null && other.words == words;

    public override bool Equals(object? obj) => Equals(obj as DriftRules);

    public override int GetHashCode() => words.GetHashCode(StringComparison.Ordinal);

    private static JsonObject? Annotations(JsonObject? root) => (root?["metadata"] as JsonObject)?["annotations"] as JsonObject;

    private static string[] Steps(string pointer, string name) => pointer.StartsWith('/') && pointer.Length > 1
        ? [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
        : throw new DriftSettingsException($"{name} has an entry that is no JSON pointer, for instance /spec/replicas");
}
