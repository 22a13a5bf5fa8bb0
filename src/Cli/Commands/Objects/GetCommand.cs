using System.CommandLine;
using Fleet.Cli.Connection;
using Fleet.Cli.Output;
using Fleet.Cli.Views;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Table;

namespace Fleet.Cli.Commands.Objects;

internal static class GetCommand
{
    public static Command Build()
    {
        var noun = new Argument<string>("noun") { Description = "clusters, services, templates, servicetemplates, credentials, servicesets, or any kind the server knows" };
        noun.CompletionSources.Add(_ => FleetViews.All.Select(view => new System.CommandLine.Completions.CompletionItem(view.Words[0])));
        var name = new Argument<string?>("name") { Description = "Only this one", Arity = ArgumentArity.ZeroOrOne };
        var @namespace = Scope.NamespaceOption();
        var selector = new Option<string?>("--selector", "-l") { Description = "Label selector, for example env=prod" };
        var output = OutputOption.New();
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on, and print what changes" };
        var cluster = new Option<string?>("--cluster", "-c") { Description = "With services: only those of this cluster" };
        var command = new Command("get", "List clusters, their services, templates and so on.") { noun, name, @namespace, Scope.AllOption(), selector, cluster, output, watch };
        command.SetAction(async (parsed, ct) =>
        {
            using var client = FleetConnection.Connect(parsed);
            var request = new GetRequest(
                await ResolveAsync(client, parsed.GetValue(noun)!, ct),
                parsed.GetValue(name), parsed.GetValue(@namespace), parsed.GetValue(selector),
                OutputOption.Parse(parsed.GetValue(output)!)) { Cluster = parsed.GetValue(cluster) };
            if (request.Cluster is not null && request.View.Words[0] != "services")
                throw new CommandException("--cluster is for services: fleet get services --cluster NAME.", ExitCodes.Usage);
            return parsed.GetValue(watch) ? await WatchAsync(client, request, ct) : await ListAsync(client, request, ct);
        });
        return command;
    }

    /// <summary>One of Fleet's own views, else a plain one of whatever kind the server knows by that word.</summary>
    private static async Task<View> ResolveAsync(IKubernetesClient client, string word, CancellationToken ct)
    {
        if (FleetViews.Find(word) is { } view)
            return view;
        var kind = await FleetConnection.FindWordAsync(client, word, ct)
            ?? throw new CommandException($"Nothing is called \"{word}\" here. Fleet's own nouns: {string.Join(", ", FleetViews.All.Select(known => known.Words[0]))}.", ExitCodes.Usage);
        return FleetViews.Plain(kind);
    }

    private static async Task<int> ListAsync(IKubernetesClient client, GetRequest request, CancellationToken ct)
    {
        if (request.View.IsPlain && request.Format is (OutputFormat.Table or OutputFormat.Wide))
            return await PrintServersTableAsync(client, request, ct);
        var list = await client.Dynamic(request.View.Kind).ListAsync(request.ListOptions, ct);
        var rows = list.Items.SelectMany(request.View.Rows).Where(request.Wanted).ToList();
        if (rows.Count == 0 && request.Name is not null)
            throw new CommandException($"There is no {request.View.Singular} \"{request.Name}\"{request.Where}.", ExitCodes.NotFound);
        if (rows.Count == 0 && request.Format is (OutputFormat.Table or OutputFormat.Wide))
        {
            Console.Error.WriteLine($"No {request.View.Words[0]} found{request.Where}.");
            return ExitCodes.Success;
        }

        new RowWriter(request.View, request.Format).Write(rows, single: request.Name is not null && rows.Count == 1);
        return ExitCodes.Success;
    }

    /// <summary>Kinds that Fleet has no view for are shown with the columns that the server knows.</summary>
    private static async Task<int> PrintServersTableAsync(IKubernetesClient client, GetRequest request, CancellationToken ct)
    {
        var table = await client.TableAsync(request.View.Kind, request.ListOptions, ct);
        var wanted = table with { Rows = [.. table.Rows.Where(row => request.Name is null || row.Key.Name == request.Name)] };
        if (wanted.Rows.Count == 0 && request.Name is not null)
            throw new CommandException($"There is no {request.View.Singular} \"{request.Name}\"{request.Where}.", ExitCodes.NotFound);
        if (wanted.Rows.Count == 0)
            Console.Error.WriteLine($"No {request.View.Words[0]} found{request.Where}.");
        else
            Console.Write(TableText.Render(wanted, wide: request.Format == OutputFormat.Wide, withNamespace: request.View.Kind.Namespaced));
        return ExitCodes.Success;
    }

    private static async Task<int> WatchAsync(IKubernetesClient client, GetRequest request, CancellationToken ct)
    {
        var writer = new RowWriter(request.View, request.Format);
        var resource = client.Dynamic(request.View.Kind);
        string? version = null;
        while (!ct.IsCancellationRequested)
        {
            if (version is null)
            {
                var list = await resource.ListAsync(request.ListOptions, ct);
                writer.Write([.. list.Items.SelectMany(request.View.Rows).Where(request.Wanted)], single: false);
                version = list.ResourceVersion;
            }

            try
            {
                await foreach (var change in resource.WatchAsync(request.WatchOptions(version), ct))
                {
                    version = change.ResourceVersion;
                    if (change.Type != WatchEventType.Bookmark)
                        writer.Write([.. request.View.Rows(change.Object).Where(request.Wanted)], single: true, change.Type == WatchEventType.Deleted);
                }
            }
            catch (KubeApiException error) when (error.IsGone)
            {
                version = null;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
        }

        return ExitCodes.Success;
    }
}

internal sealed record GetRequest(View View, string? Name, string? Namespace, string? Selector, OutputFormat Format)
{
    /// <summary>Of services: the cluster, by its name or as namespace/name.</summary>
    public string? Cluster { get; init; }

    public string Where => $"{(Cluster is null ? "" : $" on cluster {Cluster}")}{(Namespace is null ? "" : $" in namespace {Namespace}")}";

    public ListOptions ListOptions => new() { Namespace = Namespace, LabelSelector = Selector };

    public WatchOptions WatchOptions(string version) => new() { Namespace = Namespace, LabelSelector = Selector, ResourceVersion = version };

    public bool Wanted(Row row) =>
        (Name is null || View.Named(row, Name)) && (Cluster is null || row.Object.Key.Name == Cluster || row.Object.Key.ToString() == Cluster);
}
