using Fleet.Backup.Restores;
using Fleet.Backup.Snapshots;
using Fleet.Cli.Output;
using Spectre.Console;

namespace Fleet.Cli.Commands.Backups;

/// <summary>How far a backup or restore is, and how long the rest takes, on standard error: bars for people, lines for logs and pipes.</summary>
/// <param name="context">Null where there is no terminal.</param>
internal sealed class BackupProgress(ProgressContext? context, TextWriter lines, TimeProvider clock)
{
    private readonly Dictionary<string, (WorkPace Pace, ProgressTask? Bar)> works = new(StringComparer.Ordinal);
    private readonly ProgressLines plain = new(lines);
    private readonly long began = clock.GetTimestamp();

    public static Task<T> ShowAsync<T>(Func<BackupProgress, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return work(new(null, Console.Error, TimeProvider.System));
        return Terminal.Create(Console.Error, redirected: false).Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(context => work(new(context, Console.Error, TimeProvider.System)));
    }

    /// <summary>How many objects there are is not known before they are taken, but of how many kinds they are.</summary>
    public IProgress<SnapshotProgress> Snapshot() => new Told<SnapshotProgress>(progress =>
        Set(progress.Region is { } region ? $"taken of Region {region}" : "taken", progress.Kind, progress.Kinds, $"{progress.Objects} objects"));

    public IProgress<(long Done, long Total)> Bytes(string what) => new Told<(long Done, long Total)>(progress =>
        Set(what, progress.Done, progress.Total, $"{BackupText.Size(progress.Done)} of {BackupText.Size(progress.Total)}"));

    public IProgress<RestoreProgress> Restore() => new Told<RestoreProgress>(progress =>
        Set(progress.Phase, progress.Done, progress.Total, progress.Phase == RestoreProgress.Verified ? $"{BackupText.Size(progress.Done)} of {BackupText.Size(progress.Total)}" : $"{progress.Done} of {progress.Total} objects"));

    private void Set(string what, long done, long total, string amount)
    {
        lock (works)
        {
            var at = clock.GetElapsedTime(began);
            var (pace, bar) = works.TryGetValue(what, out var known) ? known : (new WorkPace(), context?.AddTask(what));
            pace = pace.Told(at, done);
            works[what] = (pace, bar);
            var text = $"{what}: {amount}{(pace.Left(at, total) is { } left ? $", {WorkPace.Words(left)}" : "")}";
            if (bar is null)
            {
                plain.Tell(what, text, at);
                return;
            }

            bar.MaxValue = Math.Max(1, total);
            bar.Value = done;
            bar.Description = Markup.Escape(text);
        }
    }

    /// <summary>On the caller's thread, so that nothing is told after the end.</summary>
    private sealed class Told<T>(Action<T> act) : IProgress<T>
    {
        public void Report(T value) => act(value);
    }
}
