/** One setting of CouchDB, as its configuration API names it. */
export interface ServerSetting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/**
 * What `couch deploy` sets, in this order (CouchDB takes the handlers from its next start): the secret and the demand for it stand before proxy authentication is
 * switched on, because without them a bare header makes anybody an administrator.
 *
 * There is nothing to set about durability: CouchDB 3 syncs every commit before it answers, `delayed_commits` is gone.
 */
export function serverSettings(proxySecret: string): readonly ServerSetting[] {
  return [
    { section: 'chttpd_auth', key: 'secret', value: proxySecret },
    { section: 'chttpd_auth', key: 'proxy_use_secret', value: 'true' },
    {
      section: 'chttpd',
      key: 'authentication_handlers',
      value:
        '{chttpd_auth, proxy_authentication_handler}, {chttpd_auth, cookie_authentication_handler}, {chttpd_auth, default_authentication_handler}',
    },
    // `_up` stays open for health checks; it says nothing but that the server runs.
    { section: 'chttpd', key: 'require_valid_user_except_for_up', value: 'true' },
    { section: 'chttpd', key: 'admin_only_all_dbs', value: 'true' },
    { section: 'chttpd', key: 'enable_cors', value: 'false' },
    // An entry is at most 64 KB; a record of the gateway's may be larger.
    { section: 'couchdb', key: 'max_document_size', value: '1048576' },
    { section: 'chttpd', key: 'max_http_request_size', value: '67108864' },
    // A new database belongs to nobody until its security object is written.
    { section: 'couchdb', key: 'default_security', value: 'admin_only' },
  ];
}

export const OLDEST_COUCHDB = [3, 5] as const;
