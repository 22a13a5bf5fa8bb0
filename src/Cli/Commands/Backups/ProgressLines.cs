namespace Fleet.Cli.Commands.Backups;

/// <summary>Progress for logs and pipes: nothing about what is over at once, then a line now and then.</summary>
internal sealed class ProgressLines(TextWriter output)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TimeSpan> next = new(StringComparer.Ordinal);

    public void Tell(string what, string line, TimeSpan at)
    {
        if (!next.TryGetValue(what, out var due))
            next[what] = due = at + First;
        if (at < due)
            return;
        next[what] = at + Pause;
        output.WriteLine(line);
    }
}
