using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Patching;

/// <summary>Fields that an apply wants and others own.</summary>
internal sealed class ApplyConflicts
{
    private readonly SortedDictionary<string, FieldSet> _byManager = new(StringComparer.Ordinal);

    public bool Any => _byManager.Count > 0;

    public FieldSet Fields => _byManager.Values.Aggregate(new FieldSet(), (all, set) => all.Union(set));

    public void Add(ManagerId id, FieldOwner owner, FieldSet fields)
    {
        var name = Describe(id, owner);
        _byManager[name] = _byManager.TryGetValue(name, out var before) ? before.Union(fields) : fields;
    }

    public ApplyConflicts Without(FieldSet allowed)
    {
        var rest = new ApplyConflicts();
        foreach (var (name, fields) in _byManager)
            if (fields.Difference(allowed) is { IsEmpty: false } left) rest._byManager[name] = left;
        return rest;
    }

    public KubeApiException ToException()
    {
        var causes = _byManager.SelectMany(m => m.Value.Paths().Select(p => new ApiStatusCause("FieldManagerConflict", $"conflict with {m.Key}", string.Concat(p)))).ToArray();
        var text = causes.Length == 1
            ? $"Apply failed with 1 conflict: {causes[0].Message}: {causes[0].Field}"
            : $"Apply failed with {causes.Length} conflicts: " + string.Join('\n', _byManager.SelectMany(m =>
                m.Value.Paths().Select(p => $"- {string.Concat(p)}").Prepend($"conflicts with {m.Key}:")));
        return new KubeApiException(409, "Conflict", text, new ApiStatusDetails(null, null, null, causes, null));
    }

    private static string Describe(ManagerId id, FieldOwner owner)
    {
        var text = $"\"{id.Manager}\"";
        if (id.Subresource.Length > 0) text += $" with subresource \"{id.Subresource}\"";
        // Upstream identifies updaters without their time, so the message has none.
        return id.Applied ? text : $"{text} using {owner.ApiVersion}";
    }
}
