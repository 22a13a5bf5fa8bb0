using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Fleet.Api.Tests;

/// <summary>What the API says in its log and to nobody else: the exceptions behind its 500s.</summary>
internal sealed class UnforeseenErrors : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> told = [];

    public IReadOnlyList<string> Told => [.. told];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            told.Enqueue($"{formatter(state, exception)}: {exception}");
    }

    public void Dispose()
    {
    }
}
