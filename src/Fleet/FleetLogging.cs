namespace Fleet.Host;

/// <summary>One line an entry on standard output, which `fleet up` sends to the log file.</summary>
internal static class FleetLogging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        });
        // What the framework says of each request and each query is not for operators.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed query is told by whoever asked it; EF's own line for the first look at an empty database is no failure.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
    }
}
