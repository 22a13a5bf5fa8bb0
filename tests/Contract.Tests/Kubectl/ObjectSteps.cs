using Fleet.Contract.Tests.Transcripts;

namespace Fleet.Contract.Tests.Kubectl;

/// <summary>Namespaces, ConfigMaps and Secrets: every verb, output form and selector.</summary>
internal static class ObjectSteps
{
    public static IReadOnlyList<Step> All { get; } =
    [
        new("create namespace", "create namespace $NS") { Says = "namespace/$NS created" },
        new("create namespace again", "create namespace $NS") { ExitCode = 1, Says = "(AlreadyExists): namespaces \"$NS\" already exists" },
        new("namespace is active", "get namespace $NS -o jsonpath={.status.phase}") { Says = "Active" },
        new("namespace table", "get namespace $NS") { Says = "Active" },
        new("label namespace", "label namespace $NS team=$TAG") { Says = "labeled" },
        new("select namespace", "get namespaces -l team=$TAG -o name") { Says = "namespace/$NS" },
        new("wait for a service account", "wait --for=create serviceaccount/default -n $NS --timeout=20s") { Says = "condition met" },

        new("create configmap", "create configmap settings -n $NS --from-literal=a=1 --from-literal=b=two") { Says = "configmap/settings created" },
        new("get yaml", "get configmap settings -n $NS -o yaml") { Says = "b: two" },
        new("get json", "get configmap settings -n $NS -o json") { Says = "\"kind\": \"ConfigMap\"" },
        new("get jsonpath", "get cm settings -n $NS -o jsonpath={.data.a}-{.metadata.namespace}") { Says = "1-$NS" },
        new("get custom-columns", "get configmap settings -n $NS -o custom-columns=NAME:.metadata.name,A:.data.a,NONE:.spec.x") { Says = "settings 1 <none>" },
        new("get go-template", "get configmap settings -n $NS -o 'go-template={{range $k, $v := .data}}{{$k}}={{$v}};{{end}}'") { Says = "a=1;b=two;" },
        new("get table", "get configmap settings -n $NS") { Says = "NAME DATA AGE" },
        new("get wide", "get configmap settings -n $NS -o wide --show-labels") { Says = "<none>" },
        new("get without headers", "get configmap settings -n $NS --no-headers --show-kind") { Says = "configmap/settings 2" },
        new("describe configmap", "describe configmap settings -n $NS") { SortLines = true, Says = "Name: settings" },
        new("get a missing object", "get configmap missing -n $NS") { ExitCode = 1, Says = "(NotFound): configmaps \"missing\" not found" },
        new("get a missing object, ignored", "get configmap missing -n $NS --ignore-not-found"),
        new("get an unknown type", "get gadgets -n $NS") { ExitCode = 1, Says = "the server doesn't have a resource type \"gadgets\"" },

        new("patch merge", "patch configmap settings -n $NS --type=merge -p {\"data\":{\"a\":\"2\",\"b\":null}}") { Says = "configmap/settings patched" },
        new("patch json", "patch configmap settings -n $NS --type=json -p [{\"op\":\"add\",\"path\":\"/data/c\",\"value\":\"3\"}]") { Says = "patched" },
        new("patch strategic", "patch configmap settings -n $NS -p {\"data\":{\"d\":\"4\"}}") { Says = "patched" },
        new("patch without a change", "patch configmap settings -n $NS -p {\"data\":{\"d\":\"4\"}}") { Says = "patched (no change)" },
        new("patch result", "get configmap settings -n $NS -o jsonpath={.data}") { Says = "{\"a\":\"2\",\"c\":\"3\",\"d\":\"4\"}" },
        new("patch json with a failing test", "patch configmap settings -n $NS --type=json -p [{\"op\":\"test\",\"path\":\"/data/a\",\"value\":\"9\"}]") { ExitCode = 1 },
        new("patch json without the path", "patch configmap settings -n $NS --type=json -p [{\"op\":\"remove\",\"path\":\"/data/zzz\"}]") { ExitCode = 1 },
        new("patch a wrong type", "patch configmap settings -n $NS --type=merge -p {\"data\":\"text\"}") { ExitCode = 1 },
        new("patch the name", "patch configmap settings -n $NS --type=merge -p {\"metadata\":{\"name\":\"other\"}}") { ExitCode = 1 },
        new("patch a missing object", "patch configmap missing -n $NS -p {\"data\":{}}") { ExitCode = 1, Says = "NotFound" },

        new("label", "label configmap settings -n $NS tier=front") { Says = "labeled" },
        new("label again", "label configmap settings -n $NS tier=back") { ExitCode = 1, Says = "already has a value (front)" },
        new("label overwrite", "label configmap settings -n $NS tier=back --overwrite") { Says = "labeled" },
        new("label list", "label configmap settings -n $NS --list") { Says = "tier=back" },
        new("label with a bad value", "label configmap settings -n $NS 'bad=a b'") { ExitCode = 1 },
        new("annotate", "annotate configmap settings -n $NS note='two words'") { Says = "annotated" },
        new("annotate remove", "annotate configmap settings -n $NS note-") { Says = "annotated" },

        new("create five", "create -n $NS -f -") { Says = "configmap/page-5 created", Input = FiveConfigMaps },
        new("get by equality", "get configmap -n $NS -l set=pages,odd=yes -o name") { Says = "configmap/page-5" },
        new("get by set", "get configmap -n $NS -l 'number in (2,4),set' -o name") { Says = "configmap/page-4" },
        new("get by absence", "get configmap -n $NS -l 'set=pages,!odd' -o name") { Says = "configmap/page-2" },
        new("get by inequality", "get configmap -n $NS -l set=pages,number!=1 -o name") { Says = "configmap/page-2" },
        new("get by a bad selector", "get configmap -n $NS -l 'a in ('") { ExitCode = 1 },
        new("get in pages", "get configmap -n $NS -l set=pages --chunk-size=2 -o name") { Says = "configmap/page-5" },
        new("get sorted", "get configmap -n $NS -l set=pages --sort-by={.data.weight} -o name") { Says = "configmap/page-5\nconfigmap/page-4" },
        new("get with label columns", "get configmap -n $NS -l set=pages -L number,odd") { Says = "NAME DATA AGE NUMBER ODD" },
        new("get several types", "get configmap,secret -n $NS -l set=pages") { Says = "configmap/page-1" },
        new("get by field", "get configmap -n $NS --field-selector metadata.name=page-3 -o name") { Says = "configmap/page-3" },
        new("get by an unknown field", "get configmap -n $NS --field-selector data.weight=1") { ExitCode = 1, Says = "\"data.weight\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"" },
        new("get none", "get configmap -n $NS -l set=nothing") { Says = "No resources found in $NS namespace." },
        new("delete by label, dry", "delete configmap -n $NS -l set=pages --dry-run=server") { Says = "(server dry run)" },
        new("delete by label", "delete configmap -n $NS -l set=pages") { Says = "configmap \"page-5\" deleted" },

        new("create by generated name", "create -n $NS -f - -o name")
        {
            Says = "configmap/made-*", Mask = "(?<=made-)[a-z0-9]{5}",
            Input = "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: made-}}",
        },
        new("create with a bad name", "create configmap Bad_Name -n $NS") { ExitCode = 1, Says = "metadata.name: Invalid value: \"Bad_Name\"" },
        new("create an unknown kind", "create -n $NS -f -") { ExitCode = 1, Input = "{apiVersion: example.org/v7, kind: Gadget, metadata: {name: x}}", Says = "no matches for kind \"Gadget\"" },
        new("create in a missing namespace", "create configmap x -n missing-$TAG") { ExitCode = 1, Says = "namespaces \"missing-$TAG\" not found" },
        new("create immutable", "create -n $NS -f -") { Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: fixed}, immutable: true, data: {a: '1'}}", Says = "created" },
        new("change immutable", "patch configmap fixed -n $NS -p {\"data\":{\"a\":\"2\"}}") { ExitCode = 1, Says = "field is immutable when `immutable` is set" },
        new("replace", "replace -n $NS -f -") { Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {word: before-edit}}", Says = "configmap/settings replaced" },
        new("replace an old version", "replace -n $NS -f -")
        {
            ExitCode = 1, Says = "the object has been modified; please apply your changes to the latest version and try again",
            Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, resourceVersion: '1'}, data: {word: lost}}",
        },
        new("replace a missing object", "replace -n $NS -f -") { ExitCode = 1, Says = "NotFound", Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: missing}}" },
        new("edit", "edit configmap settings -n $NS") { Says = "configmap/settings edited" },
        new("edit result", "get configmap settings -n $NS -o jsonpath={.data.word}") { Says = "after-edit" },

        new("create secret", "create secret generic login -n $NS --from-literal=user=admin --from-literal=password=x") { Says = "secret/login created" },
        new("secret is encoded", "get secret login -n $NS -o jsonpath={.data.user}") { Says = "YWRtaW4=" },
        new("secret table", "get secret login -n $NS") { Says = "NAME TYPE DATA AGE" },
        new("describe secret", "describe secret login -n $NS") { SortLines = true, Says = "password: 1 bytes" },
        new("secret from stringData", "apply -n $NS -f -") { Input = "{apiVersion: v1, kind: Secret, metadata: {name: plain}, stringData: {k: v}}", Says = "secret/plain created" },
        new("stringData is moved", "get secret plain -n $NS -o jsonpath={.data}{.stringData}{.type}") { Says = "{\"k\":\"dg==\"}Opaque" },
        new("secret with bad data", "create -n $NS --validate=false -f -") { ExitCode = 1, Input = "{apiVersion: v1, kind: Secret, metadata: {name: bad}, data: {k: '%%%'}}", Says = "illegal base64 data" },
        new("create docker secret", "create secret docker-registry pull -n $NS --docker-server=r.example --docker-username=u --docker-password=p") { Says = "created" },

        new("create what is watched", "create -n $NS -f -")
        {
            Input = "{apiVersion: v1, kind: ConfigMap, metadata: {name: seen, labels: {watched: 'yes'}}}", Says = "configmap/seen created",
        },
        new("watch", "get configmap -n $NS -l watched=yes --watch --output-watch-events --no-headers")
        {
            WatchLines = 5,
            Meanwhile =
            [
                new("", "annotate configmap seen -n $NS round=1"),
                new("", "patch configmap seen -n $NS -p {\"data\":{\"x\":\"1\"}}"),
                new("", "label configmap seen -n $NS watched-"),
                new("", "label configmap seen -n $NS watched=yes"),
            ],
            Says = "DELETED",
        },
    ];

    private const string FiveConfigMaps =
        """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: page-1, labels: {set: pages, number: '1', odd: 'yes'}}, data: {weight: e}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: page-2, labels: {set: pages, number: '2'}}, data: {weight: d}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: page-3, labels: {set: pages, number: '3', odd: 'yes'}}, data: {weight: c}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: page-4, labels: {set: pages, number: '4'}}, data: {weight: b}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: page-5, labels: {set: pages, number: '5', odd: 'yes'}}, data: {weight: a}}
        """;
}
