namespace Fleet.Control.Placement;

/// <summary>What waits for what. Pure.</summary>
public sealed class DependencyGraph<T> where T : notnull
{
    private readonly HashSet<T> circular = [];
    private readonly List<T> order = [];
    private readonly List<IReadOnlyList<T>> cycles = [];

    /// <param name="all">Each once, in the order that is kept where nothing waits.</param>
    /// <param name="dependenciesOf">Those outside of <paramref name="all"/> are passed over.</param>
    public DependencyGraph(IReadOnlyCollection<T> all, Func<T, IEnumerable<T>> dependenciesOf)
    {
        var known = all.ToHashSet();
        var done = new HashSet<T>();
        foreach (var item in all)
            Visit(item, []);

        void Visit(T item, List<T> path)
        {
            if (done.Contains(item) || !known.Contains(item))
                return;
            var since = path.IndexOf(item);
            if (since >= 0)
            {
                IReadOnlyList<T> cycle = [.. path[since..], item];
                circular.UnionWith(cycle);
                cycles.Add(cycle);
                return;
            }
            path.Add(item);
            foreach (var dependency in dependenciesOf(item))
                Visit(dependency, path);
            path.RemoveAt(path.Count - 1);
            if (done.Add(item))
                order.Add(item);
        }
    }

    /// <summary>All, what others wait for before them.</summary>
    public IReadOnlyList<T> Order => order;

    /// <summary>Ways round that lead back to where they began: the first and the last are the same.</summary>
    public IReadOnlyList<IReadOnlyList<T>> Cycles => cycles;

    /// <summary>On a cycle. What only waits for one that is, is not.</summary>
    public bool IsCircular(T item) => circular.Contains(item);
}
