# Comity behind Varnish, which keeps what everybody reads and forgets it when Comity says so: COMITY_PURGE is
# xkey+http://127.0.0.1:6081/ with the module xkey (Debian's package varnish-modules), or ban+http://127.0.0.1:6081/ without
# it; then take out the lines with xkey.purge and import xkey. Tested with Debian's Varnish by tests/peers/test_varnish.py.
vcl 4.1;

import std;
import xkey;

backend comity {
    .host = "127.0.0.1";
    .port = "8000";
}

# Who may purge: the machines on which Comity's workers run.
acl workers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE" || req.method == "BAN") {
        if (client.ip !~ workers) {
            return (synth(403));
        }
        if (req.method == "PURGE" && req.http.xkey-purge) {
            set req.http.n = xkey.purge(req.http.xkey-purge);
            return (synth(200, "Forgotten: " + req.http.n));
        }
        if (req.method == "BAN" && req.http.xkey-ban) {
            ban("obj.http.xkey ~ " + req.http.xkey-ban);
            return (synth(200, "Forgotten"));
        }
        return (synth(400));
    }
    if (req.url ~ "/embed/live(\?|$)") {
        return (pipe);  # live updates are an answer that does not end
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Whoever carries a cookie or a token may have just written: Comity itself answers, from memory as well.
    if (req.http.Cookie || req.http.Authorization) {
        return (pass);
    }
    # One copy for each compression: the browser's wish is brought down to brotli, gzip or neither.
    if (req.http.Accept-Encoding ~ "(^|[ ,])br([ ,;]|$)" && req.http.Accept-Encoding !~ "br;q=0([ ,]|$)") {
        set req.http.X-Encoding = "br";
    } else if (req.http.Accept-Encoding ~ "gzip") {
        set req.http.X-Encoding = "gzip";
    } else {
        unset req.http.X-Encoding;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.X-Encoding);
}

sub vcl_backend_fetch {
    # Varnish itself would ask for gzip alone.
    if (bereq.http.X-Encoding) {
        set bereq.http.Accept-Encoding = bereq.http.X-Encoding;
    } else {
        unset bereq.http.Accept-Encoding;
    }
    unset bereq.http.X-Encoding;
}

sub vcl_backend_response {
    if (beresp.http.Cache-Control ~ "no-store|private") {
        set beresp.uncacheable = true;
        return (deliver);
    }
    # The hash tells compressions apart already.
    unset beresp.http.Vary;
    if (beresp.http.CDN-Cache-Control ~ "stale-while-revalidate=[0-9]+") {
        set beresp.grace = std.duration(regsub(beresp.http.CDN-Cache-Control,
            ".*stale-while-revalidate=([0-9]+).*", "\1s"), 10s);
    }
    # Kept beyond that for 304s, and for when Comity cannot be reached.
    set beresp.keep = 5m;
}

sub vcl_deliver {
    if (obj.uncacheable == false && !resp.http.Vary) {
        set resp.http.Vary = "Accept-Encoding";
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
}
