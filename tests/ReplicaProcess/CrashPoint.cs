using System.Diagnostics;
using System.Globalization;

namespace Fleet.ReplicaProcess;

/// <summary>
/// Which write of a reconcile is the end of this process: <c>before 2</c> dies before the third is sent, <c>after 2</c> when it was taken and nothing was noted of that yet.
/// <c>freeze 2</c> stops it, once, when it has made sure that it is the owner and has not sent the third yet: whoever wakes it finds it sending what is no longer its own.
/// </summary>
internal sealed class CrashPoint
{
    private readonly string when;
    private readonly int write;
    private int met;

    private CrashPoint(string when, int write) => (this.when, this.write) = (when, write);

    public static CrashPoint Parse(string? text) =>
        text?.Split(' ') is [var when, var write] ? new(when, int.Parse(write, CultureInfo.InvariantCulture)) : new("never", -1);

    /// <summary>True when the write is to be sent whatever has become of its owner meanwhile, as one is that was with the kernel by then.</summary>
    public async Task<bool> BeforeAsync(int number)
    {
        if (number != write || when is not ("before" or "freeze") || Interlocked.Exchange(ref met, 1) != 0)
            return false;
        await (when == "freeze" ? FreezeAsync() : DieAsync());
        return true;
    }

    public Task AfterAsync(int number) => when == "after" && number == write ? DieAsync() : Task.CompletedTask;

    /// <summary>As <c>kill -9</c> does: nothing is ended in order.</summary>
    private static Task DieAsync()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
    }

    /// <summary>Goes on when somebody else says so: until then not even the end of <c>kill</c> is noticed.</summary>
    private static async Task FreezeAsync()
    {
        using var kill = Process.Start("kill", ["-STOP", $"{Environment.ProcessId}"]);
        await kill.WaitForExitAsync();
    }
}
