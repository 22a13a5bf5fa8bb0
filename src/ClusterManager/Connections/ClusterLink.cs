using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Queueing;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Connections;

/// <summary>
/// Part of a cluster's grain: the one connection to its API server, kept open by a watch on its nodes. A server that dies ends the watch, which is asked
/// about at once; a path that dies silently is found by the next question for the version. Nobody waits for it: what is known is
/// read from <see cref="Contact"/>, and <paramref name="changed"/> is called when that has become something else.
/// </summary>
internal sealed class ClusterLink(ManagedClients clients, LinkPace pace, Action changed, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private string hash = "";
    private Session? session;

    /// <summary>Called when it is closed for good.</summary>
    public Action<ClusterLink>? Closed { get; init; }

    /// <summary>What is known now.</summary>
    public ClusterContact Contact => session?.Contact ?? ClusterContact.None;

    /// <summary>Uses this kubeconfig from now on; with another one than before everything is asked anew. Null closes the connection.</summary>
    public void Use(string? kubeconfig)
    {
        var wanted = kubeconfig is null ? "" : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(kubeconfig)));
        lock (gate)
        {
            if (wanted == hash)
                return;
            hash = wanted;
            _ = session?.DisposeAsync().AsTask();
            session = kubeconfig is null ? null : Session.Open(kubeconfig, clients, pace, changed, clock, jitter);
        }
    }

    /// <summary>Something has happened to the cluster that changes what its API server says: it is asked now, not at its next turn.</summary>
    public void AskAgain() => session?.AskNow();

    public async ValueTask DisposeAsync()
    {
        Session? last;
        lock (gate)
            (last, session, hash) = (session, null, "");
        Closed?.Invoke(this);
        if (last is not null)
            await last.DisposeAsync();
    }

    /// <summary>The connection with one kubeconfig.</summary>
    private sealed class Session : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private TaskCompletionSource asked = NewSignal();
        private readonly LinkPace pace;
        private readonly Action changed;
        private readonly TimeProvider clock;
        private readonly IJitterSource jitter;
        private readonly KubernetesClient? client;
        private readonly Informer<Node, NodeRow>? nodes;
        private volatile ClusterContact contact = ClusterContact.None;
        private long answeredAt;

        private Session(string kubeconfig, ManagedClients clients, LinkPace pace, Action changed, TimeProvider clock, IJitterSource jitter)
        {
            (this.pace, this.changed, this.clock, this.jitter) = (pace, changed, clock, jitter);
            try
            {
                client = clients.Open(kubeconfig);
            }
            catch (KubeConfigException e)
            {
                contact = new() { Last = new(null, e.Message, KubeconfigInvalid: true), Failures = ClusterContact.FailuresToBelieve };
                return;
            }
            nodes = client.Resource(CoreTypes.Nodes).Informer(new InformerOptions<Node, NodeRow>
            {
                Project = NodeRow.Of,
                Unchanged = EqualityComparer<NodeRow>.Default,
                PageSize = 100,
                Failed = _ => AskNow(),
                Jitter = jitter.Next,
                Clock = clock,
            });
            nodes.Subscribe(_ => changed());
        }

        public ClusterContact Contact => contact with
        {
            SinceAnswer = contact.Answered is null ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref answeredAt)),
            Nodes = nodes?.State.HasSynced == true ? [.. nodes.Items] : null,
            NodesProblem = nodes?.State.LastError?.Message,
        };

        public static Session Open(string kubeconfig, ManagedClients clients, LinkPace pace, Action changed, TimeProvider clock, IJitterSource jitter)
        {
            var session = new Session(kubeconfig, clients, pace, changed, clock, jitter);
            if (session.client is not null)
                _ = Task.Run(session.AskForEverAsync);
            return session;
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            if (nodes is not null)
                await nodes.DisposeAsync();
            client?.Dispose();
        }

        /// <summary>The watch broke, for instance: whether the server is gone is seen at once, not at the next turn.</summary>
        public void AskNow()
        {
            // While it does not answer, the pace of the questions is right already.
            if (contact.Failures == 0)
                Volatile.Read(ref asked).TrySetResult();
        }

        private async Task AskForEverAsync()
        {
            try
            {
                while (!stop.IsCancellationRequested)
                {
                    Take(await ApiServerVersion.AskAsync(client!, pace.Timeout, stop.Token));
                    if (contact.Failures == 0)
                        nodes!.Start();
                    await WaitAsync(pace.After(contact.Failures, jitter));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        // Without an exception: a thousand links wait for all of a quiet day.
        private async Task WaitAsync(TimeSpan pause)
        {
            var signal = asked;
            await using var over = clock.CreateTimer(static signal => ((TaskCompletionSource)signal!).TrySetResult(), signal, pause, Timeout.InfiniteTimeSpan);
            await using var stopped = stop.Token.UnsafeRegister(static signal => ((TaskCompletionSource)signal!).TrySetResult(), signal);
            await signal.Task;
            // One that comes from here on asks again after the question that now follows.
            Volatile.Write(ref asked, NewSignal());
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        private void Take(ProbeResult result)
        {
            var before = contact;
            if (result.Answered)
            {
                Volatile.Write(ref answeredAt, clock.GetTimestamp());
                contact = before with { Last = result, Version = result.Version, Failures = 0, Answered = clock.GetUtcNow() };
            }
            else
            {
                contact = before with { Last = result, Failures = before.Failures + 1 };
                // What is left of a path that died would swallow every further question; a new connection finds the one that is there now.
                if (contact.Failures >= ClusterContact.FailuresToBelieve)
                    client!.Reconnect();
            }
            if (before.IsReachable != contact.IsReachable || before.IsUnclear != contact.IsUnclear || before.Version != contact.Version
                || (!contact.IsReachable && before.Last?.Problem != contact.Last?.Problem))
                changed();
        }
    }
}
