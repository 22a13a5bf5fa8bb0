using System.Globalization;
using Fleet.Helm.Binary;
using Fleet.Helm.Errors;
using Fleet.Helm.Processes;

namespace Fleet.Helm.Tests.Processes;

public sealed class ProcessRunnerTests : IDisposable
{
    /// <summary>Long enough for a script to begin on a machine that does much else.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    // What ends on SIGTERM does not use the grace up, and is not to be killed because it was slow.
    private readonly HelmParts _parts = new(o => o with { MaxProcesses = 2, EndGrace = TimeSpan.FromSeconds(30) });

    [Fact]
    public async Task Output_error_and_exit_code_come_back()
    {
        var result = await _parts.Runner.RunAsync(_parts.Script("echo out; echo err >&2; exit 3"), CancellationToken.None);
        Assert.Equal(("out\n", "err\n", 3, false), (result.Output, result.Error, result.ExitCode, result.TimedOut));
    }

    [Fact]
    public async Task Each_run_is_a_span_with_its_verb_and_end_and_without_its_arguments()
    {
        var spans = new System.Collections.Concurrent.ConcurrentQueue<System.Diagnostics.Activity>();
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name == "Fleet.Helm",
            Sample = static (ref _) => System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        await _parts.Runner.RunAsync(_parts.Script("echo hush-4d2; exit 3") with { Verb = "spanned" }, CancellationToken.None);
        var span = Assert.Single(spans, one => one.DisplayName.EndsWith(" spanned", StringComparison.Ordinal));
        Assert.Equal((3, "failed", System.Diagnostics.ActivityStatusCode.Error), ((int)span.GetTagItem("process.exit.code")!, (string)span.GetTagItem("fleet.outcome")!, span.Status));
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains("hush", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Arguments_are_no_shell_text()
    {
        var result = await _parts.Runner.RunAsync(_parts.Script("") with { FileName = "/bin/echo", Arguments = ["$(id)", "a b", ";rm"] }, CancellationToken.None);
        Assert.Equal("$(id) a b ;rm\n", result.Output);
    }

    [Fact]
    public async Task Nothing_of_our_environment_is_inherited()
    {
        Environment.SetEnvironmentVariable("FLEET_TEST_SECRET", "x");
        var result = await _parts.Runner.RunAsync(_parts.Script("env"), CancellationToken.None);
        Assert.DoesNotContain("FLEET_TEST_SECRET", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME=", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_beyond_the_bound_is_dropped_and_does_not_block()
    {
        var result = await _parts.Runner.RunAsync(_parts.Script("head -c 1000000 /dev/zero | tr '\\0' x") with { MaxOutputBytes = 1000 }, CancellationToken.None);
        Assert.True(result.OutputTruncated);
        Assert.Equal((1000, 0), (result.Output.Length, result.ExitCode));
    }

    [Fact]
    public async Task A_time_out_kills_the_whole_tree_even_when_it_ignores_SIGTERM()
    {
        using var parts = new HelmParts(o => o with { EndGrace = TimeSpan.FromMilliseconds(200) });
        var result = await parts.Runner.RunAsync(
            parts.Script("trap '' TERM; sleep 1000 & echo $! > child; echo $$ > parent; while :; do wait; done", Limit), CancellationToken.None);
        Assert.True(result.TimedOut);
        Assert.False(Lives(parts, "parent"));
        // A signal takes effect a moment after it was sent, and only the parent's end is waited for.
        Assert.True(SpinWait.SpinUntil(() => !Lives(parts, "child"), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task What_ends_on_SIGTERM_may_say_its_last_words()
    {
        var result = await _parts.Runner.RunAsync(_parts.Script("trap 'echo recorded; kill %1; exit 1' TERM; sleep 1000 & wait", Limit), CancellationToken.None);
        Assert.True(result.TimedOut);
        Assert.Equal("recorded\n", result.Output);
    }

    [Fact]
    public async Task A_child_that_outlives_its_parents_good_end_is_killed_too()
    {
        // The child holds no pipe and ignores SIGTERM, so only its remembered id finds it.
        var result = await _parts.Runner.RunAsync(
            _parts.Script("sh -c 'trap \"\" TERM; echo $$ > child; while :; do sleep 1; done' >/dev/null 2>&1 & trap 'exit 1' TERM; wait", Limit),
            CancellationToken.None);
        Assert.True(result.TimedOut);
        // A signal takes effect a moment after it was sent.
        Assert.True(SpinWait.SpinUntil(() => !Lives(_parts, "child"), TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Cancelling_ends_the_process_before_it_throws()
    {
        using var cancel = new CancellationTokenSource();
        var run = _parts.Runner.RunAsync(_parts.Script("echo $$ > parent; mkfifo started; sleep 1000"), cancel.Token);
        while (!File.Exists(Path.Combine(_parts.Folder, "started"))) await Task.Yield();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Lives(_parts, "parent"));
    }

    [Fact]
    public async Task Never_more_than_the_limit_run_at_once()
    {
        // Each counts those that run beside it by their files, the first ones when all that may run do so.
        var runs = Enumerable.Range(0, 6).Select(i => _parts.Runner.RunAsync(
            _parts.Script($"touch run{i}; while [ ! -e go ]; do sleep 0.05; done; ls run* | wc -l; sleep 0.05; rm run{i}"), CancellationToken.None)).ToList();
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(_parts.Folder, "run*").Length >= 2, TimeSpan.FromSeconds(10)));
        await File.WriteAllTextAsync(Path.Combine(_parts.Folder, "go"), "", CancellationToken.None);
        var counts = (await Task.WhenAll(runs)).Select(r => int.Parse(r.Output, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(2, counts.Max());
        Assert.Equal((6, 0), (_parts.Metrics.Started, _parts.Metrics.Running));
    }

    [Fact]
    public async Task A_place_is_free_again_after_a_failure()
    {
        for (var i = 0; i < 3; i++)
        {
            var e = await Assert.ThrowsAsync<HelmException>(() => _parts.Runner.RunAsync(_parts.Script("") with { FileName = "/nonexistent/helm" }, CancellationToken.None));
            Assert.Equal(HelmErrorKind.BinaryMissing, e.Kind);
        }
        Assert.Equal(0, (await _parts.Runner.RunAsync(_parts.Script("true"), CancellationToken.None)).ExitCode);
    }

    [Fact]
    public void Children_use_CPU_time_that_is_counted() => Assert.True(Signals.ChildrenCpuTime() >= TimeSpan.Zero);

    [Theory]
    [InlineData("v2.17.0", "is helm v2.17.0; Fleet works with helm 3 and 4")]
    [InlineData("v5.0.0", "is helm v5.0.0; Fleet works with helm 3 and 4")]
    [InlineData("hello", "does not answer as helm does")]
    public async Task Another_version_is_a_clear_error(string version, string words)
    {
        using var parts = new HelmParts(o => o with { BinaryPath = Fake(o.Folder, version) });
        var e = await Assert.ThrowsAsync<HelmException>(() => parts.Get<HelmBinaryLocator>().FindAsync(CancellationToken.None));
        Assert.Equal(HelmErrorKind.BinaryMissing, e.Kind);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_supported_version_is_asked_once()
    {
        using var parts = new HelmParts(o => o with { BinaryPath = Fake(o.Folder, "v3.18.0+gcc58e3f") });
        var locator = parts.Get<HelmBinaryLocator>();
        Assert.Equal(new HelmVersion(3, 18, 0), (await locator.FindAsync(CancellationToken.None)).Version);
        await locator.FindAsync(CancellationToken.None);
        Assert.Equal(1, parts.Metrics.Started);
    }

    [Fact]
    public async Task A_path_that_is_not_there_says_how_to_mend_it()
    {
        using var parts = new HelmParts(o => o with { BinaryPath = "/nonexistent/helm" });
        var e = await Assert.ThrowsAsync<HelmException>(() => parts.Get<HelmBinaryLocator>().FindAsync(CancellationToken.None));
        Assert.Contains("FLEET_HELM", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _parts.Dispose();

    private static string Fake(string folder, string version)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "fake-helm");
        File.WriteAllText(path, $"#!/bin/sh\nprintf '{version}'\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static bool Lives(HelmParts parts, string pidFile)
    {
        var pid = File.ReadAllText(Path.Combine(parts.Folder, pidFile)).Trim();
        try
        {
            // A killed orphan may stay for a moment as a zombie of the init process.
            return File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has gone between the two.
            return false;
        }
    }
}
