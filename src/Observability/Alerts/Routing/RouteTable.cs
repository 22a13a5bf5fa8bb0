using Fleet.Control.Alerts;
using Fleet.Contracts.Alerts;
using Fleet.Control.Durations;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Alerts.Routing;

/// <summary>An AlertRoute that can be read. Pure.</summary>
internal sealed record RouteTable(ObjectKey Key, bool IsSystem, IReadOnlyList<RouteNode> Nodes, RouteNode? Otherwise, IReadOnlyList<Inhibition> Inhibitions)
{
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UsualRepeat = TimeSpan.FromHours(4);

    /// <exception cref="FormatException">A matcher or duration can not be read.</exception>
    public static RouteTable Of(ObjectKey key, bool isSystem, AlertRouteSpec spec)
    {
        var root = new RouteNode($"{key}", [], spec.Receiver, Grouping.Of(spec.GroupBy), Duration(spec.GroupWait, UsualWait), Duration(spec.GroupInterval, UsualInterval), Duration(spec.RepeatInterval, UsualRepeat), Continue: false);
        var alike = new Dictionary<string, int>(StringComparer.Ordinal);
        var nodes = (spec.Routes ?? []).Select(route => root with
        {
            // The content names it, not its place: a route that is put before another does not make new groups of all the others.
            Id = IdOf($"{key}#{string.Join(',', route.Matchers)}>{route.Receiver}", alike),
            Matchers = Matcher.ParseAll(route.Matchers),
            Receiver = route.Receiver ?? root.Receiver,
            GroupBy = route.GroupBy is null ? root.GroupBy : Grouping.Of(route.GroupBy),
            Wait = Duration(route.GroupWait, root.Wait), Interval = Duration(route.GroupInterval, root.Interval), Repeat = Duration(route.RepeatInterval, root.Repeat),
            Continue = route.Continue == true,
        }).ToList();
        return new(key, isSystem, nodes, spec.Receiver is null ? null : root, [.. (spec.InhibitRules ?? []).Select(Inhibition.Of)]);
    }

    /// <summary>The routes that take an alert: the first that fits, and those after it while they say continue.</summary>
    public IEnumerable<RouteNode> For(IReadOnlyDictionary<string, string> labels)
    {
        var taken = false;
        foreach (var node in Nodes)
        {
            if (!Matcher.All(node.Matchers, labels))
                continue;
            taken = true;
            if (node.Receiver is not null)
                yield return node;
            if (!node.Continue)
                yield break;
        }
        if (!taken && Otherwise is { } otherwise)
            yield return otherwise;
    }

    /// <summary>Routes that are alike (with continue, by other labels or at another pace) are told apart by which of them comes first.</summary>
    private static string IdOf(string content, Dictionary<string, int> alike)
    {
        var number = alike[content] = alike.GetValueOrDefault(content) + 1;
        return number == 1 ? content : $"{content}~{number}";
    }

    private static TimeSpan Duration(string? text, TimeSpan otherwise) =>
        text is null ? otherwise : GoDuration.TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is no duration");
}

/// <param name="Id">Stays while its matchers and receiver stay.</param>
/// <param name="Receiver">Null: nobody is told.</param>
internal sealed record RouteNode(
    string Id, IReadOnlyList<Matcher> Matchers, string? Receiver, Grouping GroupBy, TimeSpan Wait, TimeSpan Interval, TimeSpan Repeat, bool Continue);
