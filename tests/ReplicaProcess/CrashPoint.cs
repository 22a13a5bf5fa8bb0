using System.Diagnostics;
using System.Globalization;

namespace Fleet.ReplicaProcess;

/// <summary>Which write of a reconcile is the end of this process: <c>before 2</c> dies before the third is sent, <c>after 2</c> when it was taken and nothing was noted of that yet.</summary>
internal sealed class CrashPoint
{
    private readonly string when;
    private readonly int write;

    private CrashPoint(string when, int write) => (this.when, this.write) = (when, write);

    public static CrashPoint Parse(string? text) =>
        text?.Split(' ') is [var when, var write] ? new(when, int.Parse(write, CultureInfo.InvariantCulture)) : new("never", -1);

    public Task BeforeAsync(int number) => when == "before" && number == write ? DieAsync() : Task.CompletedTask;

    public Task AfterAsync(int number) => when == "after" && number == write ? DieAsync() : Task.CompletedTask;

    /// <summary>As <c>kill -9</c> does: nothing is ended in order.</summary>
    private static Task DieAsync()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }
}
