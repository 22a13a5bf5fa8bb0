using System.Collections.Concurrent;
using Fleet.Backup.Restores;
using Fleet.Backup.Snapshots;
using Fleet.Cli.Output;
using Spectre.Console;

namespace Fleet.Cli.Commands.Backups;

/// <summary>Bars with the time that is left, on standard error and only for people: what is piped stays plain.</summary>
internal sealed class BackupProgress(ProgressContext? context)
{
    private readonly ConcurrentDictionary<string, ProgressTask> bars = new();

    public static Task<T> ShowAsync<T>(Func<BackupProgress, Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return work(new(null));
        return Terminal.Create(Console.Error, redirected: false).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(context => work(new(context)));
    }

    /// <summary>How much there is to take is not known before it is taken.</summary>
    public IProgress<SnapshotProgress> Snapshot() => new Told<SnapshotProgress>(progress =>
    {
        if (Bar("objects") is not { } bar)
            return;
        bar.IsIndeterminate = true;
        bar.Description = $"{progress.Objects} objects";
    });

    public IProgress<(long Done, long Total)> Bytes(string what) => new Told<(long Done, long Total)>(progress => Set(what, progress.Done, progress.Total));

    public IProgress<RestoreProgress> Restore() => new Told<RestoreProgress>(progress => Set(progress.Phase, progress.Done, progress.Total));

    private void Set(string what, long done, long total)
    {
        if (Bar(what) is not { } bar)
            return;
        bar.MaxValue = Math.Max(1, total);
        bar.Value = done;
    }

    private ProgressTask? Bar(string what)
    {
        if (context is null)
            return null;
        lock (bars)
            return bars.GetOrAdd(what, name => context.AddTask(name));
    }

    /// <summary>On the caller's thread, so that nothing is told after the end.</summary>
    private sealed class Told<T>(Action<T> act) : IProgress<T>
    {
        public void Report(T value) => act(value);
    }
}
