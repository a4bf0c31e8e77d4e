/**
 * The part of pouchdb-core 9 that is used here. The published types declare a global `Buffer` that is no longer a
 * `Uint8Array`, which makes every file read in Node a type error.
 */
declare module 'pouchdb-core' {
  export = PouchDB;
}

declare namespace PouchDB {
  namespace Core {
    interface IdMeta {
      _id: string;
    }
    interface RevisionIdMeta {
      _rev: string;
    }
    interface GetMeta {
      _conflicts?: string[];
      _deleted?: boolean;
      _revisions?: { start: number; ids: string[] };
      _attachments?: Attachments;
    }
    type Attachments = Record<string, Attachment>;
    interface Attachment {
      content_type: string;
      digest?: string;
      length?: number;
      stub?: boolean;
      data?: string | Blob | Buffer;
    }
    type Document<Content extends object> = Content & IdMeta;
    type ExistingDocument<Content extends object> = Document<Content> & RevisionIdMeta;
    type PostDocument<Content extends object> = Content & {
      _id?: string;
      _rev?: string;
      _deleted?: boolean;
      _attachments?: Attachments;
    };
    type PutDocument<Content extends object> = PostDocument<Content> & IdMeta;

    interface Error {
      status?: number;
      name?: string;
      message?: string;
      reason?: string;
      error?: string | boolean;
      id?: string;
      rev?: string;
    }
    interface Response {
      ok: boolean;
      id: string;
      rev: string;
    }
    interface DatabaseInfo {
      db_name: string;
      doc_count: number;
      update_seq: number | string;
    }

    interface GetOptions {
      rev?: string;
      revs?: boolean;
      revs_info?: boolean;
      conflicts?: boolean;
      attachments?: boolean;
      binary?: boolean;
      latest?: boolean;
    }
    interface OpenRevision<Content extends object> {
      ok?: ExistingDocument<Content & GetMeta>;
      missing?: string;
    }

    interface AllDocsOptions {
      include_docs?: boolean;
      conflicts?: boolean;
      attachments?: boolean;
      binary?: boolean;
      descending?: boolean;
      startkey?: string;
      endkey?: string;
      inclusive_end?: boolean;
      key?: string;
      keys?: string[];
      limit?: number;
      skip?: number;
    }
    interface AllDocsRow<Content extends object> {
      id: string;
      key: string;
      value: { rev: string; deleted?: boolean };
      doc?: ExistingDocument<Content & GetMeta>;
    }
    interface AllDocsResponse<Content extends object> {
      offset: number;
      total_rows: number;
      rows: AllDocsRow<Content>[];
    }

    interface ChangesOptions {
      since?: 'now' | number | string;
      limit?: number;
      include_docs?: boolean;
      conflicts?: boolean;
      style?: 'main_only' | 'all_docs';
      descending?: boolean;
    }
    interface ChangesResponseChange<Content extends object> {
      id: string;
      seq: number | string;
      changes: { rev: string }[];
      deleted?: boolean;
      doc?: ExistingDocument<Content & GetMeta>;
    }
    interface ChangesResponse<Content extends object> {
      last_seq: number | string;
      results: ChangesResponseChange<Content>[];
    }
  }

  namespace Configuration {
    interface DatabaseConfiguration {
      name?: string;
      adapter?: string;
      auto_compaction?: boolean;
      revs_limit?: number;
      skip_setup?: boolean;
      [adapterOption: string]: unknown;
    }
  }

  interface Database<Content extends object = object> {
    readonly name: string;
    readonly adapter: string;
    info(): Promise<Core.DatabaseInfo>;
    get<Model extends object = Content>(
      id: string,
      options?: Core.GetOptions,
    ): Promise<Core.ExistingDocument<Model & Core.GetMeta>>;
    get<Model extends object = Content>(
      id: string,
      options: Core.GetOptions & { open_revs: 'all' | string[] },
    ): Promise<Core.OpenRevision<Model>[]>;
    put<Model extends object = Content>(
      document: Core.PutDocument<Model>,
      options?: { force?: boolean; new_edits?: boolean },
    ): Promise<Core.Response>;
    remove(id: string, rev: string): Promise<Core.Response>;
    remove(document: Core.IdMeta & Core.RevisionIdMeta): Promise<Core.Response>;
    bulkDocs<Model extends object = Content>(
      documents: Core.PostDocument<Model>[],
      options?: { new_edits?: boolean },
    ): Promise<(Core.Response | Core.Error)[]>;
    bulkGet<Model extends object = Content>(options: {
      docs: { id: string; rev?: string }[];
      revs?: boolean;
      attachments?: boolean;
      binary?: boolean;
    }): Promise<{
      results: {
        id: string;
        docs: { ok?: Core.ExistingDocument<Model & Core.GetMeta>; error?: Core.Error }[];
      }[];
    }>;
    allDocs<Model extends object = Content>(
      options?: Core.AllDocsOptions,
    ): Promise<Core.AllDocsResponse<Model>>;
    changes<Model extends object = Content>(
      options?: Core.ChangesOptions,
    ): Promise<Core.ChangesResponse<Model>>;
    getAttachment(docId: string, attachmentId: string, options?: { rev?: string }): Promise<Blob | Buffer>;
    putAttachment(
      docId: string,
      attachmentId: string,
      rev: string,
      attachment: string | Blob | Buffer,
      type: string,
    ): Promise<Core.Response>;
    compact(options?: { interval?: number }): Promise<Core.Response>;
    close(): Promise<void>;
    destroy(): Promise<void>;
    on(event: 'closed' | 'destroyed', listener: () => void): this;
  }

  interface Static {
    new <Content extends object = object>(
      name?: string,
      options?: Configuration.DatabaseConfiguration,
    ): Database<Content>;
    readonly version: string;
    plugin(plugin: object): Static;
    defaults(options: Configuration.DatabaseConfiguration): Static;
    on(event: 'created' | 'destroyed', listener: (name: string) => void): Static;
  }
}

declare const PouchDB: PouchDB.Static;
