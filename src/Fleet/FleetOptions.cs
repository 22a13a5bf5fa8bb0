using System.CommandLine;

namespace Fleet.Host;

/// <summary>The command line of fleetd; the CLI's `up` hands its own options on.</summary>
public sealed record FleetOptions
{
    public required string Data { get; init; }
    public int? ApiPort { get; init; }
    public int? RestPort { get; init; }

    /// <summary>File with the connection string of a PostgreSQL; null starts a private one.</summary>
    public string? PostgresFile { get; init; }

    /// <summary>kubeconfig of an existing management cluster; null starts the embedded one.</summary>
    public string? Kubeconfig { get; init; }
    public string? Context { get; init; }

    /// <summary>The Cluster API core that runs beside the simulated infrastructure: ours, or a real one.</summary>
    public bool ExternalCapiCore { get; init; }

    /// <summary>Only ends a PostgreSQL that a killed fleetd left behind.</summary>
    public bool StopDatabase { get; init; }

    /// <returns>Null when the command line is wrong; what is wrong has been printed.</returns>
    public static FleetOptions? Parse(string[] arguments)
    {
        var data = new Option<string>("--data") { Required = true };
        var apiPort = new Option<int?>("--api-port");
        var restPort = new Option<int?>("--rest-port");
        var postgres = new Option<string?>("--postgres");
        var kubeconfig = new Option<string?>("--kubeconfig");
        var context = new Option<string?>("--context");
        var capiCore = new Option<string>("--capi-core") { DefaultValueFactory = _ => "embedded" };
        capiCore.AcceptOnlyFromAmong("embedded", "external");
        var stopDatabase = new Option<bool>("--stop-database");
        var command = new RootCommand("Fleet's server. Usually started by `fleet up`.") { data, apiPort, restPort, postgres, kubeconfig, context, capiCore, stopDatabase };
        var parsed = command.Parse(arguments);
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine(error.Message);
        return parsed.Errors.Count > 0 ? null : new FleetOptions
        {
            Data = parsed.GetValue(data)!,
            ApiPort = parsed.GetValue(apiPort),
            RestPort = parsed.GetValue(restPort),
            PostgresFile = parsed.GetValue(postgres),
            Kubeconfig = parsed.GetValue(kubeconfig),
            Context = parsed.GetValue(context),
            ExternalCapiCore = parsed.GetValue(capiCore) == "external",
            StopDatabase = parsed.GetValue(stopDatabase),
        };
    }
}
