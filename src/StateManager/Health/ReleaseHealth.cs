using Fleet.Control.Health;

namespace Fleet.StateManager.Health;

/// <summary>The health of a whole release: that of its worst object.</summary>
internal sealed record ReleaseHealth(WorkloadVerdict Verdict, string Message)
{
    /// <summary>Objects named in a message; a chart with a hundred broken Deployments should not fill the status.</summary>
    private const int Named = 3;

    public static ReleaseHealth Healthy { get; } = new(WorkloadVerdict.Healthy, "");

    /// <summary>Not every object has been looked at yet: what is not known may be worse.</summary>
    public bool IsPartial { get; init; }

    /// <summary>What is wrong, kind by kind, in the order of their names.</summary>
    public IReadOnlyList<KindHealth> Kinds { get; init; } = [];

    public static ReleaseHealth Of(IEnumerable<ObjectHealth> objects, bool isPartial = false)
    {
        var sick = objects.Where(o => o.Verdict != WorkloadVerdict.Healthy)
            .OrderByDescending(o => o.Verdict).ThenBy(o => o.ToString(), StringComparer.Ordinal).ToList();
        if (sick.Count == 0)
            return isPartial ? Healthy with { IsPartial = true } : Healthy;
        return new ReleaseHealth(sick[0].Verdict, Join(sick.Select(o => o.ToString()).ToList()))
        {
            IsPartial = isPartial,
            Kinds =
            [
                .. sick.GroupBy(o => o.Kind.Kind).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
                {
                    var objects = g.DistinctBy(o => (o.Kind, o.Key)).Count();
                    return new KindHealth(g.Key, $"{objects} {g.Key} unhealthy: {Join(g.Select(Describe).ToList())}");
                }),
            ],
        };
    }

    /// <summary>In upstream's form: <c>ns/name (why, rule ns/configmap#0)</c>.</summary>
    private static string Describe(ObjectHealth o) => $"{o.Key} ({o.Why}{(o.Rule.Length > 0 ? $", rule {o.Rule}" : "")})";

    private static string Join(List<string> texts) =>
        string.Join("; ", texts.Take(Named)) + (texts.Count > Named ? $"; and {texts.Count - Named} more" : "");
}

/// <summary>What is wrong with the objects of one kind.</summary>
internal sealed record KindHealth(string Kind, string Message);
