using System.Text;
using System.Text.RegularExpressions;
using Fleet.Testing;
using Fleet.Testing.ApiServers;
using Fleet.Testing.Processes;

namespace Fleet.Contract.Tests.Transcripts;

/// <summary>A script run once, in order, by one tool against one server; the outcome of each step by its name.</summary>
public sealed class Transcript
{
    private static readonly TimeSpan EventuallyLimit = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, StepOutcome> _outcomes = [];
    private readonly Dictionary<string, string> _names;
    private readonly Dictionary<string, string?> _environment;
    private readonly RealTool _tool;
    private readonly IApiServerFixture _server;
    private readonly TemporaryFolder _folder;

    private Transcript(RealTool tool, IApiServerFixture server, TemporaryFolder folder)
    {
        _tool = tool;
        _server = server;
        _folder = folder;
        var tag = "v" + tool.Version.Replace(".", "", StringComparison.Ordinal);
        _names = new() { ["$NS"] = $"{tool.Name}-{tag}", ["$TAG"] = tag, ["$DIR"] = folder.FullPath, ["$URL"] = server.Server.ToString().TrimEnd('/') };
        var authority = Regex.Match(File.ReadAllText(server.KubeconfigPath), @"certificate-authority-data: *""?([A-Za-z0-9+/=]+)").Groups[1].Value;
        _names["$CA"] = folder.Write("ca.crt", Encoding.UTF8.GetString(Convert.FromBase64String(authority)));
        folder.Write("none.kubeconfig", "apiVersion: v1\nkind: Config\n");
        _environment = new()
        {
            ["KUBECONFIG"] = server.KubeconfigPath,
            ["KUBECACHEDIR"] = folder.File("kube-cache"),
            ["HELM_CACHE_HOME"] = folder.File("helm-cache"),
            ["HELM_CONFIG_HOME"] = folder.File("helm-config"),
            ["HELM_DATA_HOME"] = folder.File("helm-data"),
            // `kubectl edit` with an editor that changes one word; `kubectl diff` without file headers.
            ["KUBE_EDITOR"] = "sed -i s/before-edit/after-edit/",
            ["KUBECTL_EXTERNAL_DIFF"] = "diff -U0",
            ["TZ"] = "UTC",
        };
    }

    /// <summary>Files, by path below <c>$DIR</c>, are written before the first step.</summary>
    public static async Task<Transcript> RunAsync(
        RealTool tool, IApiServerFixture server, IEnumerable<Step> script, IReadOnlyDictionary<string, string>? files = null)
    {
        using var folder = new TemporaryFolder("transcript");
        var transcript = new Transcript(tool, server, folder);
        foreach (var (path, text) in files ?? new Dictionary<string, string>())
        {
            folder.Write(path, transcript.Fill(text));
        }

        var log = new StringBuilder();
        foreach (var step in script)
        {
            var outcome = await transcript.RunAsync(step);
            transcript._outcomes.Add(step.Name, outcome);
            log.AppendLine($"## {step.Name}\n$ {tool.Name} {step.Command}\n{outcome}\n");
        }

        await File.WriteAllTextAsync(TestLogs.NewFile($"{tool.Name}-{tool.Version}-{server.Name}"), log.ToString());
        TestLogs.NoteUsed($"{tool} against {server.Name} {server.Version}");
        return transcript;
    }

    public string ServerVersion => _server.Version;

    public StepOutcome this[string step] => _outcomes[step];

    private async Task<StepOutcome> RunAsync(Step step)
    {
        var until = TimeProvider.System.GetTimestamp();
        var (exitCode, says) = step.AnswerOf(_server.Version);
        while (true)
        {
            var outcome = await TryAsync(step);
            var isAsked = outcome.ExitCode == exitCode && outcome.Output.Contains(says, StringComparison.Ordinal);
            if (!step.Eventually || isAsked || TimeProvider.System.GetElapsedTime(until) > EventuallyLimit)
            {
                return outcome;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    // A command that hangs is the outcome of its own step; the steps after it are still worth knowing.
    private async Task<StepOutcome> TryAsync(Step step)
    {
        try
        {
            return step.Meanwhile.Count > 0 ? await WatchAsync(step) : await OnceAsync(step);
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            return new StepOutcome(-1, failure.Message);
        }
    }

    private async Task<StepOutcome> OnceAsync(Step step)
    {
        var tool = step.ByKubectl ? RealParts.Kubectls[^1] : _tool;
        var output = await ProcessOutput.RunAsync(tool.Path, Words(step.Command), _environment, Fill(step.Input), timeout: TimeSpan.FromSeconds(100));
        if (step.CaptureAs is { } name)
        {
            _names["$" + name] = output.Out.Trim();
            return new StepOutcome(output.ExitCode, "captured");
        }

        return new StepOutcome(output.ExitCode, Comparable(step, output.Out + output.Error));
    }

    private async Task<StepOutcome> WatchAsync(Step step)
    {
        await using var watching = await ServerProcess.StartAsync($"{_tool.Name}-watch", _tool.Path, Words(step.Command), _environment);
        await watching.WaitUntilAsync(_ => Task.FromResult(Lines(watching.LogPath).Length > 0), EventuallyLimit);
        foreach (var change in step.Meanwhile)
        {
            await OnceAsync(change);
        }

        var since = TimeProvider.System.GetTimestamp();
        while (Lines(watching.LogPath).Length < step.WatchLines && TimeProvider.System.GetElapsedTime(since) < EventuallyLimit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return new StepOutcome(0, Comparable(step, string.Join('\n', Lines(watching.LogPath))));
    }

    private static string[] Lines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Comparable(Step step, string output)
    {
        foreach (var (name, value) in _names.Where(name => name.Value.Length > 0))
        {
            output = output.Replace(value, name, StringComparison.Ordinal);
        }

        output = output.Replace(_server.Server.ToString().TrimEnd('/'), "$SERVER", StringComparison.Ordinal)
            .Replace(_server.Server.Authority, "$SERVER", StringComparison.Ordinal);
        var lines = Normalised.Text(output, step.Mask).Split('\n').AsEnumerable();
        if (step.OnlyLines is { } pattern)
        {
            lines = lines.Where(line => Regex.IsMatch(line, pattern, RegexOptions.None, TimeSpan.FromSeconds(5)));
        }

        return string.Join('\n', step.SortLines ? lines.Order(StringComparer.Ordinal) : lines);
    }

    private string Fill(string? text)
    {
        foreach (var (name, value) in _names)
        {
            text = text?.Replace(name, value, StringComparison.Ordinal);
        }

        return text ?? "";
    }

    private List<string> Words(string command)
    {
        List<string> words = [];
        foreach (Match match in Regex.Matches(command, @"(?:[^\s']+|'[^']*')+", RegexOptions.None, TimeSpan.FromSeconds(5)))
        {
            words.Add(Fill(match.Value.Replace("'", "", StringComparison.Ordinal)));
        }

        return words;
    }
}
